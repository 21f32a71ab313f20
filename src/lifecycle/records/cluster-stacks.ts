import { SwarmError } from "../../errors.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Lease } from "../../store/leases.ts";
import type { Store } from "../../store/store.ts";

/** A cluster that has moved so often has tried each of these names. */
const mostStacks = 10_000;

/** Claims a name for a further stack of a cluster: `<name>-g2` and so on, the first that is no cluster's. */
export async function claimStack(store: Store, { id, tenant, name, activeStack }: Cluster): Promise<string> {
  const own = new Set([...(await store.stacks.of(id)), activeStack]);
  for (let generation = 2; generation < mostStacks; generation++) {
    const stack = `${name}-g${generation}`;
    if (own.has(stack) || (await store.clusters.byName(tenant, stack)) !== undefined) continue;
    if (await store.stacks.claim(id, stack)) return stack;
  }
  throw new Error(`all names of stacks of ${name} are taken`);
}

/** The stacks of a cluster but for the active one. The first one has the cluster's own name, and no row. */
export async function otherStacks(store: Store, clusterId: string): Promise<readonly string[]> {
  const cluster = await store.clusters.show(clusterId);
  if (cluster === undefined) return [];
  const all = [cluster.name, ...(await store.stacks.of(clusterId))];
  return all.filter((stack) => stack !== cluster.activeStack);
}

/** @throws SwarmError SW620 when the name is that of another cluster's stack */
export async function refuseStackName(store: Store, name: string): Promise<void> {
  const owner = await store.stacks.ownerOf(name);
  const cluster = owner && (await store.clusters.show(owner));
  if (!cluster) return;
  throw new SwarmError("SW620", `${name} is a stack of cluster ${cluster.name}`, {
    hints: ["choose another name: --name"],
    values: { name, cluster: cluster.name },
  });
}

/**
 * Makes another stack of a cluster the active one, as the holder of its lease: whoever lost the lease, or finds a third stack
 * active, changes nothing. Again it is success.
 *
 * @throws SwarmError SW601 then
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
      `not ${from} is active now, but ${activeStack}: somebody else has moved the cluster`,
      {
        values: { from, to, activeStack },
      },
    );
  });
}
