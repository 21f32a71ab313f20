import { parentOf, type Roster } from "../api/roster.ts";
import type { TokenIssuer } from "../api/token-issuer.ts";
import type { Orders } from "../ledger/orders.ts";
import type { ServedCluster } from "./cluster-file.ts";
import type { Membership } from "./membership.ts";

/** Whoever shows a token that was signed with the secret of the server. `counts` may change while it serves. */
export function tokenMembership(
  cluster: ServedCluster,
  tokens: TokenIssuer,
  counts: () => ServedCluster["counts"] = () => cluster.counts,
): Membership {
  return { tokens, roster: (orders) => tokenRoster(cluster, counts, orders), watch: () => () => {} };
}

/** Somebody else gave the tokens, and decides who runs. */
function tokenRoster({ agents }: ServedCluster, counts: () => ServedCluster["counts"], orders: Orders): Roster {
  const known = new Map(agents.map((agent) => [agent.key, agent]));
  return {
    get size() {
      return Object.values(counts()).reduce((sum, count) => sum + count, 0);
    },
    find(instance, agent) {
      const entry = known.get(agent);
      if (entry === undefined) return undefined;
      const parent = parentOf(entry.parent, ordinalIn(instance), counts()[entry.parent ?? ""] ?? 0);
      return { instance, agent, role: entry.role, parent, order: orders.inForce(agent, instance) };
    },
    registered: () => {},
  };
}

/** The number at the end of an instance's id; 0 where there is none. */
function ordinalIn(instance: string): number {
  return Number(/-(\d+)$/.exec(instance)?.[1] ?? 0);
}
