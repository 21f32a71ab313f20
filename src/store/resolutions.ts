const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const dayMs = 24 * hourMs;

/**
 * Resolutions and retention times of metrics: a few thousand buckets for each metric of a cluster, whatever its age.
 */
export const resolutions = [
  { resolutionMs: 10 * secondMs, keepMs: 2 * hourMs },
  { resolutionMs: 60 * secondMs, keepMs: 2 * dayMs },
  { resolutionMs: hourMs, keepMs: 400 * dayMs },
] as const;

/** Start of the bucket of a time. */
export function bucketOf(at: number, resolutionMs: number): number {
  return Math.floor(at / resolutionMs) * resolutionMs;
}

/** The finest resolution that is not finer than the step and reaches back to `from`. */
export function resolutionFor(from: number, stepMs: number, now: number): number {
  const reaching = resolutions.filter(({ keepMs }) => now - from <= keepMs);
  const fitting = reaching.findLast(({ resolutionMs }) => resolutionMs <= stepMs) ?? reaching[0] ?? resolutions[2];
  return fitting.resolutionMs;
}
