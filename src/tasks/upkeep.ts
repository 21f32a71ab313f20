import type { Clock } from "../platform/clock.ts";
import type { TaskQueue } from "./queue.ts";

export interface UpkeepOptions {
  /** The queue, if there is one already. */
  readonly present: () => Promise<Pick<TaskQueue, "sweep" | "prune"> | undefined>;
  readonly clock: Clock;
  /** In [0, 1): servers of one queue do not come at the same time. */
  readonly random: () => number;
  /** Tasks that were buried, because nobody came for them in time. */
  readonly onDeadLettered: (tasks: number) => void;
  readonly onError: (error: unknown) => void;
}

const sweepMs = 30_000;
const pruneMs = 3_600_000;
/** How long a task that is done, or was called off, can be looked up. */
const keepMs = 7 * 24 * 3_600_000;

/**
 * Buries what is past its deadline also where nobody leases, every 30 s, and forgets every hour what was done a week ago. What fails
 * is tried again the next time.
 *
 * @returns what ends it.
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
