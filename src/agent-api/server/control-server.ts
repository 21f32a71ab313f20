import type { FastifyInstance } from "fastify";
import type { Backend } from "../backend.ts";
import { checkpointsRoutes } from "../control/routes/checkpoints.ts";
import { directivesRoutes } from "../control/routes/directives.ts";
import { eventsRoutes } from "../control/routes/events.ts";
import { memoryRoutes } from "../control/routes/memory.ts";
import { moveRoutes } from "../control/routes/move.ts";
import { tasksRoutes } from "../control/routes/tasks.ts";
import { reportOf } from "../health/report.ts";
import { answerFaults } from "../http/faults.ts";
import { createLimitedServer } from "../http/limits.ts";
import type { ApiParts } from "../parts.ts";
import type { InstanceReport } from "../status.ts";
import type { ServedAgent, ServedCluster } from "./cluster-file.ts";
import { directiveSender } from "./send-directives.ts";

/** Status of an agent server and of its registered instances. */
export interface AgentServerStatus {
  readonly cluster: string;
  readonly uid: string;
  readonly version: string;
  readonly agents: readonly Pick<ServedAgent, "key" | "resource" | "role" | "name">[];
  /** Keyed by instance id. */
  readonly instances: Readonly<Record<string, InstanceReport & { readonly agent: string }>>;
}

export interface ControlServerOptions {
  readonly cluster: ServedCluster;
  readonly version: string;
  readonly backend: Backend;
  readonly parts: ApiParts;
}

/** The control API of an agent server. It listens on a socket that only its operator can open, so it needs no token. */
export function createControlServer({ cluster, version, backend, parts }: ControlServerOptions): FastifyInstance {
  const app = createLimitedServer();
  answerFaults(app);
  app.get("/v1/status", (): AgentServerStatus => {
    const { registrations, directives } = backend.database;
    const { registry, clock } = parts;
    const instances = [...registrations.registered()].map(([id, { registration }]) => {
      const agent = registration?.agent ?? "";
      const report = reportOf({
        ...{ process: "running" as const, mustRegister: true, usage: undefined, nowMs: clock.now() },
        heard: registry.heard(id),
        heartbeatIntervalMs: registry.heartbeatIntervalMs,
        directive: directives.inForce(agent, id),
      });
      return [id, { agent, ...report }] as const;
    });
    const agents = cluster.agents.map(({ key, resource, role, name }) => ({ key, resource, role, name }));
    return { cluster: cluster.cluster, uid: cluster.uid, version, agents, instances: Object.fromEntries(instances) };
  });
  directivesRoutes(app, directiveSender(cluster, backend, parts));
  tasksRoutes(app, parts);
  eventsRoutes(app, parts);
  checkpointsRoutes(app, parts);
  moveRoutes(app, { cluster: cluster.cluster, version }, backend, parts);
  memoryRoutes(app, parts);
  return app;
}
