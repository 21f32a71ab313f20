import { SwarmError } from "../../errors.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Cluster } from "../../store/clusters.ts";
import { type NameRecords, readNameRecords } from "../records/cluster-names.ts";
import { listScalers } from "../records/scaler-lease.ts";
import { withRecords } from "../records/with-records.ts";
import { activeReconcilers, type WatcherLease } from "./watcher-lease.ts";

/** The records of all clusters, and the reconcilers that run. */
export interface Overview extends NameRecords {
  readonly byName: ReadonlyMap<string, Cluster>;
  readonly reconcilers: readonly WatcherLease[];
  /** The processes that scale clusters, by the id of the cluster. */
  readonly scalers: ReadonlyMap<string, string>;
}

/** Reads all clusters that are not destroyed, and the active reconcilers, in one session of the store. */
export async function readOverview(settings: Settings): Promise<Overview> {
  return withRecords(settings, async (store) => {
    const records = await readNameRecords(store);
    const byName = new Map(records.rows.map((row) => [row.name, row]));
    return { ...records, byName, reconcilers: await activeReconcilers(store), scalers: await listScalers(store) };
  }).catch((error: unknown) => {
    // A shared backend without a journal is readable.
    if (!(error instanceof SwarmError && error.code === "SW609")) throw error;
    const none = { rows: [], further: new Map<string, string>(), byName: new Map<string, Cluster>() };
    return { ...none, reconcilers: [], scalers: new Map<string, string>() };
  });
}
