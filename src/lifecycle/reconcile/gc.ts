import pLimit from "p-limit";
import { presentClusters } from "../records/cluster-repository.ts";
import { withRecords } from "../records/with-records.ts";
import { type ReconcileOptions, type ReconcileResult, reconcileCluster } from "./reconcile.ts";
import { acquireWatcherLease } from "./watcher-lease.ts";

export interface GcOptions extends Omit<ReconcileOptions, "reconciler" | "jitterMs"> {
  /** How many engines run at once. */
  readonly engines: number;
  /** Says what it would do. */
  readonly dryRun: boolean;
}

/** How long one run counts as somebody who watches: whoever has it started at least every hour is one. */
const lastsMs = 3_600_000;

/** Does once, for all clusters, what their rules want now. @throws SwarmError SW603 and SW609 for the records */
export async function gc({ engines, dryRun, ...options }: GcOptions): Promise<readonly ReconcileResult[]> {
  const atOnce = pLimit(engines);
  // Whoever starts this has chosen the moment: nothing is spread.
  const reconcileOptions: ReconcileOptions = { ...options, reconciler: "gc", jitterMs: 0 };
  return withRecords(options.settings, async (store) => {
    const clusters = await presentClusters(store);
    const result = await Promise.all(
      clusters.map((cluster) => atOnce(() => reconcileCluster(store, cluster, reconcileOptions, dryRun))),
    );
    if (!dryRun) await acquireWatcherLease(store, "gc", lastsMs);
    return result;
  });
}
