import type { Directives } from "../database/directives.ts";
import { type Roster, reportsToOf } from "../roster.ts";
import type { TokenIssuer } from "../token-issuer.ts";
import type { ServedCluster } from "./cluster-file.ts";
import type { Membership } from "./membership.ts";

/** Membership by tokens that are signed with the secret of the server. `counts` may change while it serves. */
export function tokenMembership(
  cluster: ServedCluster,
  tokens: TokenIssuer,
  counts: () => ServedCluster["counts"] = () => cluster.counts,
): Membership {
  return { tokens, roster: (directives) => tokenRoster(cluster, counts, directives), watch: () => () => {} };
}

/** A roster that does not control instances: tokens are issued outside of it. */
function tokenRoster({ agents }: ServedCluster, counts: () => ServedCluster["counts"], directives: Directives): Roster {
  const known = new Map(agents.map((agent) => [agent.key, agent]));
  return {
    get size() {
      return Object.values(counts()).reduce((sum, count) => sum + count, 0);
    },
    takers: () => agents.map(({ key, role, capabilities }) => ({ agent: key, role, capabilities })),
    find(instance, agent) {
      const entry = known.get(agent);
      if (entry === undefined) return undefined;
      const reportsTo = reportsToOf(entry.parent, ordinalIn(instance), counts()[entry.parent ?? ""] ?? 0);
      const { role, capabilities } = entry;
      return { instance, agent, role, capabilities, reportsTo, directive: directives.inForce(agent, instance) };
    },
    registered: () => {},
  };
}

/** The number at the end of an instance id; 0 without one. */
function ordinalIn(instance: string): number {
  return Number(/-(\d+)$/.exec(instance)?.[1] ?? 0);
}
