import type { Directive, Directives } from "../../database/directives.ts";
import type { Roster } from "../../roster.ts";
import type { ServedAgent } from "../cluster-file.ts";
import type { PodWatch } from "./pods.ts";

/** Pods as instances: those of an agent are spread evenly over the pods of its parent, by their place in the order of names. */
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
    find(instance, agent) {
      const entry = known.get(agent);
      if (entry === undefined) return undefined;
      const managers = namesOf(entry.parent);
      const place = Math.max(0, namesOf(agent).indexOf(instance));
      const reportsTo = managers[place % managers.length];
      const directive = lastDirective(pods()?.stopDeadlineOf(instance)) ?? directives.inForce(agent, instance);
      return { instance, agent, role: entry.role, reportsTo, directive };
    },
    registered: () => {},
  };
}

/** Whoever is asked to end drains until it is killed. */
function lastDirective(stopDeadlineMs: number | undefined): Directive | undefined {
  return stopDeadlineMs === undefined ? undefined : { kind: "drain", deadlineAtMs: stopDeadlineMs };
}
