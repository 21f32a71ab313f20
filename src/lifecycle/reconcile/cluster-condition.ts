import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import type { AbandonedOperation, ClusterCondition } from "./decide.ts";

/** Whoever acts by these rules, in the journal: the name of its command. */
export const reconcilerNames = ["gc", "watch"] as const;
export type ReconcilerName = (typeof reconcilerNames)[number];

/** What the journal tells of a cluster. */
export async function readCondition(store: Store, cluster: Cluster, jitterMs: number): Promise<ClusterCondition> {
  const { id: clusterId, status, createdAt } = cluster;
  const turns = await store.operations.list({
    ...{ clusterId, status: "succeeded", kinds: ["spawn", "hibernate", "reactivate"], limit: 1 },
  });
  const since = turns.items[0]?.endedAt ?? createdAt;
  return { status, createdAt, since, jitterMs, activity: undefined, abandoned: await findAbandoned(store, clusterId) };
}

/** Operations of several steps that these rules begin. */
const kinds = ["hibernate", "reactivate", "destroy"];

/** The one that a runner has left, or is at work on. */
export async function findAbandoned(store: Store, clusterId: string): Promise<AbandonedOperation | undefined> {
  for (const status of ["running", "failed"] as const) {
    const { items } = await store.operations.list({ clusterId, status, kinds, limit: 1 });
    const [abandoned] = items;
    if (abandoned !== undefined) {
      const { id, kind, actor } = abandoned;
      return { id, kind, actor, isOurs: reconcilerNames.some((reconciler) => actor.startsWith(`${reconciler}@`)) };
    }
  }
  return undefined;
}
