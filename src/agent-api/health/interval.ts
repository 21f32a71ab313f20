const shortestMs = 2_000;
const longestMs = 30_000;
/** Heartbeats that one API takes in a second without being noticed. */
const beatsPerSecond = 100;

/** How often instances shall report: every 2 s, and more rarely where there are many. */
export function heartbeatIntervalMs(instances: number): number {
  return Math.min(longestMs, Math.max(shortestMs, Math.ceil((instances / beatsPerSecond) * 1000)));
}
