import { hostname, userInfo } from "node:os";
import { isOver, thisSession } from "../../stacks/session.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Acquired } from "../../store/leases.ts";
import type { Store } from "../../store/store.ts";
import { withRecords } from "../records/with-records.ts";
import { type ReconcilerName, reconcilerNames } from "./cluster-condition.ts";

/** The lease of an active reconciler. */
export interface WatcherLease {
  /** "watch/ada@build-7": one per user and host. */
  readonly name: string;
  /** Session of the holder. */
  readonly session: string;
}

/** Acquires the lease of this user's reconciler for `lastsMs`; takes over that of a dead process. */
export async function acquireWatcherLease(
  store: Store,
  reconciler: ReconcilerName,
  lastsMs: number,
): Promise<Acquired> {
  const name = `${reconciler}/${userInfo().username}@${hostname()}`;
  const present = await store.leases.show(name);
  const dead = present !== undefined && (await isOver(present.holder)) ? present.holder : undefined;
  return store.leases.acquire(name, await thisSession(), lastsMs, dead);
}

/** Lists the active reconcilers; omits dead watchers of this host. */
export async function listWatcherLeases(settings: Settings): Promise<readonly WatcherLease[]> {
  return withRecords(settings, activeReconcilers);
}

/** As `listWatcherLeases`, in an open store. */
export async function activeReconcilers(store: Store): Promise<readonly WatcherLease[]> {
  const found: WatcherLease[] = [];
  for (const reconciler of reconcilerNames) {
    for (const { name, holder } of await store.leases.held(`${reconciler}/`)) {
      if (reconciler === "gc" || !(await isOver(holder))) found.push({ name, session: holder });
    }
  }
  return found;
}
