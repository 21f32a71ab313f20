import { pause } from "../../platform/wait.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import { type ActiveLease, leaseMs, renewUntilReleased } from "../executor/renew-lease.ts";
import { presentClusters } from "../records/cluster-repository.ts";
import { withRecords } from "../records/with-records.ts";
import { type ReconcileOptions, type ReconcileResult, reconcileCluster } from "./reconcile.ts";
import { RequeueSchedule } from "./requeue-schedule.ts";
import { acquireWatcherLease } from "./watcher-lease.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface WatchOptions extends Omit<ReconcileOptions, "reconciler"> {
  /** Begins with nothing new, and returns when what was begun has ended. `signal` ends that after the running step. */
  readonly stop: AbortSignal;
  /** How many engines run at once. */
  readonly engines: number;
  /** How often all clusters are looked at. */
  readonly intervalMs: number;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly onReconciled: (result: ReconcileResult) => void;
  readonly onNote: (text: string) => void;
}

/**
 * Keeps clusters to their rules until it is told to stop. What goes wrong with one of them, or with the records, is told and
 * tried again later. Of several watchers of a user on a host one works, and the others take over when it is gone.
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
      if (told) onNote("the other one is gone; watching");
      return renewUntilReleased(store, acquired.lease);
    }
    if (!told) onNote(`process ${acquired.holder} watches already; standing by`);
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
    // It may have waited for its turn among the others.
    if (ended.aborted) return;
    const result = await reconcileCluster(store, cluster, { ...options, reconciler: "watch" });
    schedule.note(cluster, result, now());
    onReconciled(result);
  });
  while (!ended.aborted) {
    try {
      const clusters = await presentClusters(store);
      workers.begin(clusters.filter((cluster) => schedule.isDue(cluster, now())));
    } catch (error) {
      onNote(`the records cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    // Two watchers that were started together part.
    await pause(schedule.pauseMs(now(), intervalMs * (0.9 + 0.2 * random())), ended);
  }
  await workers.ended();
}
