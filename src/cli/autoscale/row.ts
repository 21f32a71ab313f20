import { SwarmError } from "../../errors.ts";
import { findCluster } from "../../lifecycle/records/cluster-repository.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";

/** @throws SwarmError SW605 for a cluster that is not in the journal */
export async function rowOf(store: Store, cluster: string): Promise<Cluster> {
  const row = await findCluster(store, cluster);
  if (row !== undefined) return row;
  throw new SwarmError("SW605", `no cluster ${cluster} is recorded`, { hints: ["list clusters: swarmctl status"] });
}
