import { createHash } from "node:crypto";
import { createSchedule } from "../../blueprint/notation/cron.ts";

/** The times of a schedule around a given time, in milliseconds since the epoch; undefined for never. */
interface Times {
  /** At or before the given time. */
  readonly last: number | undefined;
  readonly next: number | undefined;
}

/**
 * Returns the last and next times of a cron expression. Daylight saving time: a skipped time fires at the next hour, and a repeated
 * time fires once.
 */
export function timesAround(expression: string, timeZone: string, now: number): Times {
  const cron = createSchedule(expression, timeZone);
  // +1: a scheduled time equal to `now` is the last one.
  const [last] = cron.previousRuns(1, new Date(now + 1));
  return { last: last?.getTime(), next: cron.nextRun(new Date(now))?.getTime() };
}

/** Returns the delay of a cluster's schedules, from 0 to `spreadMs`; constant for a cluster. */
export function jitterOf(clusterId: string, spreadMs: number): number {
  const share = createHash("sha256").update(clusterId).digest().readUInt32BE() / 2 ** 32;
  return Math.floor(share * spreadMs);
}
