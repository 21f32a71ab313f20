import pLimit from "p-limit";
import { presentClusters } from "../records/cluster-repository.ts";
import { withRecords } from "../records/with-records.ts";
import { type ReconcileOptions, type ReconcileResult, reconcileCluster } from "./reconcile.ts";
import { acquireWatcherLease } from "./watcher-lease.ts";

export interface GcOptions extends Omit<ReconcileOptions, "reconciler" | "jitterMs"> {
  /** Maximum number of concurrent engines. */
  readonly engines: number;
  /** Whether to report actions without performing them. */
  readonly dryRun: boolean;
}

/** How long a run counts as an active reconciler: enough for an hourly schedule. */
const lastsMs = 3_600_000;

/** Reconciles all clusters once. @throws SwarmError SW603 and SW609 for the store */
export async function gc({ engines, dryRun, ...options }: GcOptions): Promise<readonly ReconcileResult[]> {
  const atOnce = pLimit(engines);
  // No jitter: the caller chooses the time.
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
