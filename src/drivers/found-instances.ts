import { healthOf } from "../agent-api/health/health.ts";
import type { InstanceStatus } from "../agent-api/status.ts";
import type { AgentStatus } from "./driver.ts";
import type { ServerStatus } from "./remote-server.ts";

/** An instance as reported by the target: a pod or container. */
export interface FoundInstance {
  /** Name of the resources of its agent. */
  readonly resource: string;
  readonly role: string;
  readonly status: InstanceStatus;
}

/** Merges the instances found on the target with the reports of the agent server, by agent. */
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
  // The last report of an instance that is not running is outdated.
  const health = found.state === "running" && report ? report.health : healthOf({ process: found.state, ...signs });
  const { health: _, ...told } = report ?? {};
  return { ...told, ...found, ...(health !== undefined && { health }) };
}
