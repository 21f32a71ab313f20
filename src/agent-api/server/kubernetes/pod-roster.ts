import type { Directive, Directives } from "../../database/directives.ts";
import type { Roster } from "../../roster.ts";
import type { ServedAgent } from "../cluster-file.ts";
import type { PodWatch } from "./pods.ts";

/**
 * Pods as instances: the pods of an agent are spread evenly over those of the agent that it reports to, in the order of
 * their names.
 */
export function podRoster(
  agents: readonly ServedAgent[],
  pods: () => PodWatch | undefined,
  directives: Directives,
): Roster {
  const known = new Map(agents.map((agent) => [agent.key, agent]));
  const namesOf = (key: string | undefined) => pods()?.namesOf(known.get(key ?? "")?.resource ?? "") ?? [];
  return {
    get size() {
      return pods()?.size ?? 0;
    },
    takers: () => agents.map(({ key, role, capabilities }) => ({ agent: key, role, capabilities })),
    find(instance, agent) {
      const entry = known.get(agent);
      if (entry === undefined) return undefined;
      const managers = namesOf(entry.parent);
      const place = Math.max(0, namesOf(agent).indexOf(instance));
      const reportsTo = managers[place % managers.length];
      const directive = lastDirective(pods()?.stopDeadlineOf(instance)) ?? directives.inForce(agent, instance);
      const { role, capabilities } = entry;
      return { instance, agent, role, capabilities, reportsTo, directive };
    },
    registered: () => {},
  };
}

/** A terminating instance drains until it is killed. */
function lastDirective(stopDeadlineMs: number | undefined): Directive | undefined {
  return stopDeadlineMs === undefined ? undefined : { kind: "drain", deadlineAtMs: stopDeadlineMs };
}
