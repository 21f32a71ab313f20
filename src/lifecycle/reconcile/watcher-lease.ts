import { hostname, userInfo } from "node:os";
import { isOver, thisSession } from "../../stacks/session.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Acquired } from "../../store/leases.ts";
import type { Store } from "../../store/store.ts";
import { withRecords } from "../records/with-records.ts";
import { type ReconcilerName, reconcilerNames } from "./cluster-condition.ts";

/** Somebody who keeps clusters to their rules. */
export interface WatcherLease {
  /** "watch/ada@build-7": one for each user of a host. */
  readonly name: string;
  /** Of its process. */
  readonly session: string;
}

/** Leaves word that a keeper of this user is at work, or will be again in this time. */
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

/** All who keep clusters to their rules now. A watcher of this host whose process is gone is none. */
export async function listWatcherLeases(settings: Settings): Promise<readonly WatcherLease[]> {
  return withRecords(settings, async (store) => {
    const found: WatcherLease[] = [];
    for (const reconciler of reconcilerNames) {
      for (const { name, holder } of await store.leases.held(`${reconciler}/`)) {
        if (reconciler === "gc" || !(await isOver(holder))) found.push({ name, session: holder });
      }
    }
    return found;
  });
}
