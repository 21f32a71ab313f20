import { healthOf } from "../agent-api/health/health.ts";
import type { InstanceStatus } from "../agent-api/status.ts";
import type { AgentStatus } from "./driver.ts";
import type { ServerStatus } from "./remote-server.ts";

/** An instance as the target knows it: pod or container. */
export interface FoundInstance {
  /** Name of its agent's resources. */
  readonly resource: string;
  readonly role: string;
  readonly status: InstanceStatus;
}

/** What the target has found and what the agent server was told, agent by agent. */
export function agentsOf(found: readonly FoundInstance[], server: ServerStatus | undefined): AgentStatus[] {
  const agents = [...Map.groupBy(found, ({ resource }) => resource)].map(([resource, own]) => {
    const known = server?.agents.find((agent) => agent.resource === resource);
    const role = own[0]?.role ?? "";
    const instances = own.map(({ status }) => instanceOf(status, server));
    return {
      ...(known === undefined
        ? { agent: resource, role, name: resource }
        : { agent: known.key, role, name: known.name }),
      running: instances.filter(({ state }) => state === "running").length,
      instances: instances.sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
  });
  return agents.sort((a, b) => (a.agent < b.agent ? -1 : 1));
}

function instanceOf(found: InstanceStatus, server: ServerStatus | undefined): InstanceStatus {
  const report = server?.instances[found.id];
  const signs = {
    mustRegister: false,
    registration: undefined,
    heartbeatIntervalMs: 0,
    cpu: undefined,
    directive: report?.order,
  };
  // What it said last is not how one is that does not run.
  const health = found.state === "running" && report ? report.health : healthOf({ process: found.state, ...signs });
  const { health: _, ...told } = report ?? {};
  return { ...told, ...found, ...(health !== undefined && { health }) };
}
