import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { type Clock, systemClock } from "../clock.ts";
import { EventRing } from "../events/ring.ts";
import { answerFaults } from "../http/faults.ts";
import { createLimitedServer, type ServerLimits, serverLimits } from "../http/limits.ts";
import { auditFile } from "./audit.ts";
import { openBackend } from "./backend.ts";
import type { ApiParts } from "./parts.ts";
import { mountAgentApi } from "./plugin.ts";
import { type RosterAgent, staticRoster } from "./roster.ts";
import type { TaskSource } from "./task-desk.ts";
import { tokenIssuer } from "./token-issuer.ts";

export interface AgentServerOptions {
  /** Unique id of the cluster. */
  readonly cluster: string;
  /** Where lives, checkpoints, memory and the audit are kept; made if it is not there. */
  readonly folder: string;
  /** Signs the tokens: at least 32 random bytes. */
  readonly secret: string;
  /** The agents of the cluster by key. Every instance that shows a token of one of them belongs to the cluster. */
  readonly agents: Readonly<Record<string, RosterAgent>>;
  readonly tasks: TaskSource;
  readonly limits?: ServerLimits;
  readonly clock?: Clock;
}

export interface AgentServer {
  readonly app: FastifyInstance;
  /** What stands behind the API: for whoever gives orders, tasks and tokens. */
  readonly parts: ApiParts;
  close(): Promise<void>;
}

/** The agent API as a server of its own, for clusters whose instances no local supervisor runs. It does not listen yet. */
export function createAgentServer(options: AgentServerOptions): AgentServer {
  const { cluster, folder, secret, agents, tasks, limits = serverLimits, clock = systemClock } = options;
  const checkpoints = join(folder, "checkpoints");
  mkdirSync(checkpoints, { recursive: true, mode: 0o700 });
  const backend = openBackend({
    ...{ cluster, tasks, clock, checkpoints },
    ledger: join(folder, "ledger.db"),
    tokens: tokenIssuer(secret, cluster, clock),
    audit: auditFile(join(folder, "audit.log"), console.error),
    events: new EventRing(new Date(clock.now()).toISOString(), () => clock.now()),
  });
  const parts = backend.partsFor(staticRoster(agents, backend.ledger.orders));
  const app = createLimitedServer(limits);
  answerFaults(app);
  app.get("/healthz", () => ({ cluster }));
  mountAgentApi(app, parts);
  return {
    app,
    parts,
    close: async () => {
      await backend.taskDesk.close();
      await app.close();
      await backend.close();
    },
  };
}
