import { pause } from "../../platform/wait.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import { type ActiveLease, leaseMs, renewUntilReleased } from "../executor/renew-lease.ts";
import { presentClusters } from "../records/cluster-repository.ts";
import { withRecords } from "../records/with-records.ts";
import { reattach } from "./reattach.ts";
import { type ReconcileOptions, type ReconcileResult, reconcileCluster } from "./reconcile.ts";
import { RequeueSchedule } from "./requeue-schedule.ts";
import { acquireWatcherLease } from "./watcher-lease.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface WatchOptions extends Omit<ReconcileOptions, "reconciler"> {
  /** Starts no further operations and returns when the running ones end; `signal` stops those after the running step. */
  readonly stop: AbortSignal;
  /** Maximum number of concurrent engines. */
  readonly engines: number;
  /** Interval of reconciling all clusters. */
  readonly intervalMs: number;
  /** Random number between 0 and 1. */
  readonly random: () => number;
  readonly onReconciled: (result: ReconcileResult) => void;
  readonly onNote: (text: string) => void;
}

/**
 * Reconciles clusters until it is stopped. Reports and retries failures of clusters and of the store. One watcher per user and host
 * is active; the others stand by and take over when it ends.
 */
export async function watch(options: WatchOptions): Promise<void> {
  return withRecords(options.settings, async (store) => {
    for (
      let activeLease = await standBy(store, options);
      activeLease !== undefined;
      activeLease = await standBy(store, options)
    ) {
      try {
        await lookAgainAndAgain(store, activeLease, options);
      } finally {
        await activeLease.release();
      }
    }
  });
}

async function standBy(store: Store, { stop, onNote, intervalMs }: WatchOptions): Promise<ActiveLease | undefined> {
  let told = false;
  while (!stop.aborted) {
    const acquired = await acquireWatcherLease(store, "watch", leaseMs);
    if (acquired.ok) {
      if (told) onNote("the other watcher has ended; watching");
      return renewUntilReleased(store, acquired.lease);
    }
    if (!told) onNote(`process ${acquired.holder} is already watching; standing by`);
    told = true;
    await pause(Math.min(intervalMs, leaseMs / 3), stop);
  }
  return undefined;
}

async function lookAgainAndAgain(store: Store, activeLease: ActiveLease, options: WatchOptions): Promise<void> {
  const { stop, engines, intervalMs, random, now, onReconciled, onNote } = options;
  const schedule = new RequeueSchedule(intervalMs);
  const ended = AbortSignal.any([stop, activeLease.lost]);
  const workers = new WorkerPool<Cluster>(engines, async (cluster) => {
    // The cluster may have waited in the pool until after the stop.
    if (ended.aborted) return;
    const result = await reconcileCluster(store, cluster, { ...options, reconciler: "watch" });
    schedule.note(cluster, result, now());
    onReconciled(result);
  });
  while (!ended.aborted) {
    try {
      const clusters = await presentClusters(store);
      for (const cluster of clusters) {
        const done = await reattach(cluster, ended);
        if (done !== undefined) onNote(done);
      }
      workers.begin(clusters.filter((cluster) => schedule.isDue(cluster, now())));
    } catch (error) {
      onNote(`the store cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    // Jitter separates watchers that were started together.
    await pause(schedule.pauseMs(now(), intervalMs * (0.9 + 0.2 * random())), ended);
  }
  await workers.ended();
}
