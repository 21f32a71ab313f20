import { SwarmError } from "../../errors.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Lease } from "../../store/leases.ts";
import type { Store } from "../../store/store.ts";

/** Upper bound of the names that a claim tries. */
const mostStacks = 10_000;

/** Claims a name for another stack of a cluster: the first of `<name>-g2`, `<name>-g3`, ... that is free. */
export async function claimStack(store: Store, { id, tenant, name, activeStack }: Cluster): Promise<string> {
  const own = new Set([...(await store.stacks.of(id)), activeStack]);
  for (let generation = 2; generation < mostStacks; generation++) {
    const stack = `${name}-g${generation}`;
    if (own.has(stack) || (await store.clusters.byName(tenant, stack)) !== undefined) continue;
    if (await store.stacks.claim(id, stack)) return stack;
  }
  throw new Error(`all stack names of ${name} are in use`);
}

/** Lists the inactive stacks of a cluster. The first stack has the cluster's name, and no row. */
export async function otherStacks(store: Store, clusterId: string): Promise<readonly string[]> {
  const cluster = await store.clusters.show(clusterId);
  if (cluster === undefined) return [];
  const all = [cluster.name, ...(await store.stacks.of(clusterId))];
  return all.filter((stack) => stack !== cluster.activeStack);
}

/** Rejects a name that is in use as a stack of another cluster. @throws SwarmError SW620 */
export async function refuseStackName(store: Store, name: string): Promise<void> {
  const owner = await store.stacks.ownerOf(name);
  const cluster = owner && (await store.clusters.show(owner));
  if (!cluster) return;
  throw new SwarmError("SW620", `${name} is a stack of cluster ${cluster.name}`, {
    hints: ["use another name: --cluster NAME"],
    values: { name, cluster: cluster.name },
  });
}

/**
 * Makes another stack of a cluster the active one under the cluster's lease; idempotent.
 *
 * @throws SwarmError SW601 when the lease was lost or a third stack is active; nothing is changed
 */
export async function activate(
  store: Store,
  lease: Lease,
  clusterId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await store.fenced(lease, async ({ clusters }) => {
    if ((await clusters.activate(clusterId, from, to)) !== undefined) return;
    const { activeStack } = (await clusters.show(clusterId)) ?? {};
    if (activeStack === to) return;
    throw new SwarmError(
      "SW601",
      `the cluster was migrated concurrently: the active stack is ${activeStack}, not ${from}`,
      {
        values: { from, to, activeStack },
      },
    );
  });
}
