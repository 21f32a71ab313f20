import type { Operation } from "../../store/operations.ts";
import type { Store } from "../../store/store.ts";

const mostPast = 3;

/** The last migration of a cluster that succeeded; undefined when it never moved. */
export async function lastMigration(store: Store, clusterId: string): Promise<Operation | undefined> {
  const request = { status: "succeeded", kinds: ["migrate"], limit: 1 } as const;
  return (await store.operations.list({ ...request, clusterId })).items[0];
}

/**
 * The last operations of a kind that succeeded, newest first: those of the cluster, or else of any cluster.
 *
 * @returns `own`: whether they are the cluster's
 */
export async function pastOperations(
  store: Store,
  { kind, clusterId }: Pick<Operation, "kind" | "clusterId">,
): Promise<{ readonly items: readonly Operation[]; readonly own: boolean }> {
  const request = { status: "succeeded", kinds: [kind], limit: mostPast } as const;
  const { items } = await store.operations.list({ ...request, clusterId });
  if (items.length > 0) return { items, own: true };
  return { items: (await store.operations.list(request)).items, own: false };
}

/** The upper median; undefined of no values. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
