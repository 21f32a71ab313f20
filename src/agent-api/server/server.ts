import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { SwarmError } from "../../errors.ts";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { poll } from "../../platform/wait.ts";
import type { TaskSource } from "../../tasks/task-source.ts";
import type { AuditSink } from "../audit.ts";
import { type Backend, openBackend } from "../backend.ts";
import { EventRing } from "../events/ring.ts";
import { answerFaults } from "../http/faults.ts";
import { createLimitedServer, type ServerLimits, serverLimits } from "../http/limits.ts";
import type { TlsPair } from "../http/tls.ts";
import type { ApiParts } from "../parts.ts";
import { mountAgentApi } from "../plugin.ts";
import type { ServedCluster } from "./cluster-file.ts";
import { createControlServer } from "./control-server.ts";
import type { Membership } from "./membership.ts";

export interface AgentServerOptions {
  readonly cluster: ServedCluster;
  readonly version: string;
  /** Where lives, orders, memory and checkpoints are kept; made if it is not there. */
  readonly folder: string;
  readonly membership: Membership;
  readonly tasks: TaskSource;
  readonly audit: AuditSink;
  readonly tls?: TlsPair;
  readonly limits?: ServerLimits;
  readonly clock?: Clock;
  /** Id of the operation that brings the state here, where it comes from elsewhere. */
  readonly arrival?: string | undefined;
}

export interface AgentServer {
  /** The agent API; it does not listen yet. */
  readonly app: FastifyInstance;
  /** The control API, for whoever gives tasks and orders; it does not listen yet. */
  readonly control: FastifyInstance;
  /** What stands behind both. */
  readonly parts: ApiParts;
  readonly backend: Backend;
  /** Takes no more calls, ends those that wait, answers the others, and lets go of everything. */
  close(): Promise<void>;
}

/** Calls that are answered while the server ends get this long. */
const lastCallsMs = 5_000;

/** The agent API as a server of its own, for clusters whose instances no local supervisor runs. */
export function createAgentServer(options: AgentServerOptions): AgentServer {
  const {
    cluster,
    version,
    folder,
    membership,
    tasks,
    audit,
    arrival,
    tls,
    limits = serverLimits,
    clock = systemClock,
  } = options;
  const checkpoints = join(folder, "checkpoints");
  mkdirSync(checkpoints, { recursive: true, mode: 0o700 });
  const backend = openBackend({
    ...{ cluster: cluster.uid, tasks, clock, checkpoints, tokens: membership.tokens, audit, arrival },
    database: join(folder, "ledger.db"),
    events: new EventRing(new Date(clock.now()).toISOString(), () => clock.now()),
  });
  const { registrations, directives } = backend.database;
  const parts = backend.partsFor(membership.roster(directives));
  // Their epochs stand: who has registered with the server before this one need not do so again.
  for (const [instance, { epoch }] of registrations.registered()) parts.registry.resume(instance, epoch);
  const stopWatching = membership.watch({
    registered: () => [...registrations.registered().keys()],
    stopping(instance) {
      parts.events.add("instance.stopping", { instance });
      backend.dispatcher.releaseWaiters();
    },
    ended(instance) {
      directives.callOff({ instance });
      parts.registry.ended(instance).catch((error) => parts.events.add("queue.unreachable", { reason: String(error) }));
    },
  });

  const app = createLimitedServer(limits, tls);
  let open = 0;
  let closing = false;
  answerFaults(app);
  app.addHook("onRequest", async (_request, reply) => {
    if (closing) {
      reply.header("connection", "close");
      throw new SwarmError("SW704", "The agent server is stopping.");
    }
    open++;
    reply.raw.once("close", () => open--);
  });
  app.get("/healthz", () => ({ cluster: cluster.cluster }));
  app.get("/readyz", async () => {
    await tasks.present();
    return { cluster: cluster.cluster };
  });
  mountAgentApi(app, parts);
  const control = createControlServer({ cluster, version, backend, parts });
  return {
    ...{ app, control, parts, backend },
    async close() {
      closing = true;
      stopWatching();
      backend.dispatcher.releaseWaiters();
      await poll(() => (open === 0 ? true : undefined), { deadlineMs: lastCallsMs });
      await Promise.all([app.close(), control.close()]);
      await backend.close();
    },
  };
}
