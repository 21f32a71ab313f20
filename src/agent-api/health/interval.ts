const shortestMs = 2_000;
const longestMs = 30_000;
/** Heartbeats per second that one API takes without noticeable load. */
const beatsPerSecond = 100;

/** Heartbeat interval: 2 s, longer for many instances. */
export function heartbeatIntervalMs(instances: number): number {
  return Math.min(longestMs, Math.max(shortestMs, Math.ceil((instances / beatsPerSecond) * 1000)));
}
