import type { Roster } from "../../api/roster.ts";
import type { Order, Orders } from "../../ledger/orders.ts";
import type { ServedAgent } from "../cluster-file.ts";
import type { PodWatch } from "./pods.ts";

/** Pods as instances: those of an agent are spread evenly over the pods of its parent, by their place in the order of names. */
export function podRoster(agents: readonly ServedAgent[], pods: () => PodWatch | undefined, orders: Orders): Roster {
  const known = new Map(agents.map((agent) => [agent.key, agent]));
  const namesOf = (key: string | undefined) => pods()?.namesOf(known.get(key ?? "")?.resource ?? "") ?? [];
  return {
    get size() {
      return pods()?.size ?? 0;
    },
    find(instance, agent) {
      const entry = known.get(agent);
      if (entry === undefined) return undefined;
      const parents = namesOf(entry.parent);
      const place = Math.max(0, namesOf(agent).indexOf(instance));
      const parent = parents[place % parents.length];
      const order = lastOrder(pods()?.stopDeadlineOf(instance)) ?? orders.inForce(agent, instance);
      return { instance, agent, role: entry.role, parent, order };
    },
    registered: () => {},
  };
}

/** Whoever is asked to end drains until it is killed. */
function lastOrder(stopDeadlineMs: number | undefined): Order | undefined {
  return stopDeadlineMs === undefined ? undefined : { kind: "drain", deadlineAtMs: stopDeadlineMs };
}
