import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import type { AbandonedOperation, ClusterCondition } from "./decide.ts";

/** Reconcilers by the name of their command, which is their actor in the journal. */
export const reconcilerNames = ["gc", "watch"] as const;
export type ReconcilerName = (typeof reconcilerNames)[number];

/** Reads the condition of a cluster from the journal. */
export async function readCondition(store: Store, cluster: Cluster, jitterMs: number): Promise<ClusterCondition> {
  const { id: clusterId, status, createdAt } = cluster;
  const lastOf = async (kinds: readonly string[]) =>
    (await store.operations.list({ clusterId, status: "succeeded", kinds, limit: 1 })).items[0]?.endedAt ?? createdAt;
  const since = await lastOf(["spawn", "hibernate", "reactivate"]);
  const ruledSince = await lastOf(["autostop"]);
  return {
    status,
    createdAt,
    since,
    ruledSince,
    jitterMs,
    activity: undefined,
    abandoned: await findAbandoned(store, clusterId),
  };
}

/** Kinds of operations with several steps that reconcilers start. */
const kinds = ["hibernate", "reactivate", "destroy"];

/** Finds an operation of these kinds that is running or has failed. */
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
