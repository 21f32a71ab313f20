import { pause } from "../../runtime/wait.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import { presentClusters } from "../book.ts";
import { type KeptLease, keep, leaseMs } from "../lease-keeper.ts";
import { withRecords } from "../with-records.ts";
import { Agenda } from "./agenda.ts";
import { type Attended, attend, type KeepingOptions } from "./attend.ts";
import { tellPresence } from "./presence.ts";
import { Rounds } from "./rounds.ts";

export interface WatchOptions extends Omit<KeepingOptions, "keeper"> {
  /** Begins with nothing new, and returns when what was begun has ended. `signal` ends that after the running step. */
  readonly stop: AbortSignal;
  /** How many engines run at once. */
  readonly engines: number;
  /** How often all clusters are looked at. */
  readonly intervalMs: number;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly onAttended: (attended: Attended) => void;
  readonly onNote: (text: string) => void;
}

/**
 * Keeps clusters to their rules until it is told to stop. What goes wrong with one of them, or with the records, is told and
 * tried again later. Of several watchers of a user on a host one works, and the others take over when it is gone.
 */
export async function watch(options: WatchOptions): Promise<void> {
  return withRecords(options.settings, async (store) => {
    for (let turn = await standBy(store, options); turn !== undefined; turn = await standBy(store, options)) {
      try {
        await lookAgainAndAgain(store, turn, options);
      } finally {
        await turn.release();
      }
    }
  });
}

async function standBy(store: Store, { stop, onNote, intervalMs }: WatchOptions): Promise<KeptLease | undefined> {
  let told = false;
  while (!stop.aborted) {
    const acquired = await tellPresence(store, "watch", leaseMs);
    if (acquired.ok) {
      if (told) onNote("the other one is gone; watching");
      return keep(store, acquired.lease);
    }
    if (!told) onNote(`process ${acquired.holder} watches already; standing by`);
    told = true;
    await pause(Math.min(intervalMs, leaseMs / 3), stop);
  }
  return undefined;
}

async function lookAgainAndAgain(store: Store, turn: KeptLease, options: WatchOptions): Promise<void> {
  const { stop, engines, intervalMs, random, now, onAttended, onNote } = options;
  const agenda = new Agenda(intervalMs);
  const ended = AbortSignal.any([stop, turn.lost]);
  const rounds = new Rounds<Cluster>(engines, async (cluster) => {
    // It may have waited for its turn among the others.
    if (ended.aborted) return;
    const attended = await attend(store, cluster, { ...options, keeper: "watch" });
    agenda.note(cluster, attended, now());
    onAttended(attended);
  });
  while (!ended.aborted) {
    try {
      const clusters = await presentClusters(store);
      rounds.begin(clusters.filter((cluster) => agenda.isDue(cluster, now())));
    } catch (error) {
      onNote(`the records cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    // Two watchers that were started together part.
    await pause(agenda.pauseMs(now(), intervalMs * (0.9 + 0.2 * random())), ended);
  }
  await rounds.ended();
}
