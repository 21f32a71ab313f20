const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const dayMs = 24 * hourMs;

/** How finely metrics are kept, and for how long: a few thousand buckets for each metric of a cluster, whatever its age. */
export const resolutions = [
  { resolutionMs: 10 * secondMs, keepMs: 2 * hourMs },
  { resolutionMs: 60 * secondMs, keepMs: 2 * dayMs },
  { resolutionMs: hourMs, keepMs: 400 * dayMs },
] as const;

/** The begin of the bucket that a time falls in. */
export function bucketOf(at: number, resolutionMs: number): number {
  return Math.floor(at / resolutionMs) * resolutionMs;
}

/** The finest resolution that is not finer than the step that was asked for and reaches back to `from`. */
export function resolutionFor(from: number, stepMs: number, now: number): number {
  const reaching = resolutions.filter(({ keepMs }) => now - from <= keepMs);
  const fitting = reaching.findLast(({ resolutionMs }) => resolutionMs <= stepMs) ?? reaching[0] ?? resolutions[2];
  return fitting.resolutionMs;
}
