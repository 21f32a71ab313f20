import type { Clock } from "../platform/clock.ts";
import type { TaskQueue } from "./queue.ts";

export interface UpkeepOptions {
  /** The queue, if it exists. */
  readonly present: () => Promise<Pick<TaskQueue, "sweep" | "prune"> | undefined>;
  readonly clock: Clock;
  /** In [0, 1): spreads the sweeps of several servers over one queue. */
  readonly random: () => number;
  /** Called with the number of dead-lettered tasks. */
  readonly onDeadLettered: (tasks: number) => void;
  readonly onError: (error: unknown) => void;
}

const sweepMs = 30_000;
const pruneMs = 3_600_000;
/** How long done and cancelled tasks are kept. */
const keepMs = 7 * 24 * 3_600_000;

/**
 * Dead-letters overdue tasks every 30 s, also while no worker leases, and deletes ended tasks after a week, every
 * hour. Failures are retried at the next interval.
 * @returns a function that stops it.
 */
export function startUpkeep({ present, clock, random, onDeadLettered, onError }: UpkeepOptions): () => void {
  let callOff = () => {};
  let stopped = false;
  let prunedAtMs = Number.NEGATIVE_INFINITY;

  function schedule(): void {
    if (stopped) return;
    callOff = clock.after(
      Math.round(sweepMs * (0.75 + random() / 2)),
      () => void round().catch(onError).then(schedule),
    );
  }

  async function round(): Promise<void> {
    const queue = await present();
    if (queue === undefined) return;
    const deadLettered = await queue.sweep();
    if (deadLettered > 0) onDeadLettered(deadLettered);
    if (clock.now() - prunedAtMs < pruneMs) return;
    await queue.prune(clock.now() - keepMs);
    prunedAtMs = clock.now();
  }

  schedule();
  return () => {
    stopped = true;
    callOff();
  };
}
