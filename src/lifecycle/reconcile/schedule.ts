import { createHash } from "node:crypto";
import { Cron } from "croner";

/** When a schedule fires next to a moment, in milliseconds since the epoch; undefined: never. */
interface Times {
  /** At or before it. */
  readonly last: number | undefined;
  readonly next: number | undefined;
}

/**
 * What a cron expression says around a moment. Where clocks go forward, a time that is left out comes with the hour after it;
 * where they go back, one that comes twice counts once.
 */
export function timesAround(expression: string, timeZone: string, now: number): Times {
  // "5/15" is what the blueprint allows, and croner calls sloppy.
  const cron = new Cron(expression, { timezone: timeZone, paused: true, sloppyRanges: true });
  // A moment that is a time of the schedule is its last one.
  const [last] = cron.previousRuns(1, new Date(now + 1));
  return { last: last?.getTime(), next: cron.nextRun(new Date(now))?.getTime() };
}

/** How much later than its schedule a cluster is, from 0 to `spreadMs`: always the same for one cluster. */
export function jitterOf(clusterId: string, spreadMs: number): number {
  const share = createHash("sha256").update(clusterId).digest().readUInt32BE() / 2 ** 32;
  return Math.floor(share * spreadMs);
}
