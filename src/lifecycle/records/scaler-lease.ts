import { isOver } from "../../stacks/session.ts";
import type { Store } from "../../store/store.ts";

const prefix = "autoscale/";

/** Name of the lease of the process that scales a cluster. */
export function scalerLease(clusterId: string): string {
  return `${prefix}${clusterId}`;
}

/** The processes that scale clusters, `<host>/<pid>.<start>`, by the id of the cluster; omits dead ones of this host. */
export async function listScalers(store: Pick<Store, "leases">): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { name, holder } of await store.leases.held(prefix)) {
    if (!(await isOver(holder))) found.set(name.slice(prefix.length), holder);
  }
  return found;
}

/** The process that scales a cluster; undefined while none does. */
export async function scalerOf(store: Pick<Store, "leases">, clusterId: string): Promise<string | undefined> {
  const present = await store.leases.show(scalerLease(clusterId));
  return present === undefined || (await isOver(present.holder)) ? undefined : present.holder;
}
