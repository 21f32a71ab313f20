import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import type { LeftOperation, Situation } from "./decide.ts";

/** Whoever acts by these rules, in the journal: the name of its command. */
export const keepers = ["gc", "watch"] as const;
export type Keeper = (typeof keepers)[number];

/** What the journal tells of a cluster. */
export async function situationOf(store: Store, cluster: Cluster, jitterMs: number): Promise<Situation> {
  const { id: clusterId, status, createdAt } = cluster;
  const turns = await store.operations.list({
    ...{ clusterId, status: "succeeded", kinds: ["spawn", "hibernate", "reactivate"], limit: 1 },
  });
  const since = turns.items[0]?.endedAt ?? createdAt;
  return { status, createdAt, since, jitterMs, activity: undefined, left: await leftOf(store, clusterId) };
}

/** Operations of several steps that these rules begin. */
const kinds = ["hibernate", "reactivate", "destroy"];

/** The one that a runner has left, or is at work on. */
export async function leftOf(store: Store, clusterId: string): Promise<LeftOperation | undefined> {
  for (const status of ["running", "failed"] as const) {
    const { items } = await store.operations.list({ clusterId, status, kinds, limit: 1 });
    const [left] = items;
    if (left !== undefined) {
      const { id, kind, actor } = left;
      return { id, kind, actor, isOurs: keepers.some((keeper) => actor.startsWith(`${keeper}@`)) };
    }
  }
  return undefined;
}
