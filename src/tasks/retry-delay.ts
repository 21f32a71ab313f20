const firstMs = 1_000;
const capMs = 5 * 60_000;

/**
 * How long a task waits after a failed attempt: doubles with each attempt up to 5 minutes, of which a random half is left
 * off ("equal jitter"), so that tasks that fail together do not return together.
 *
 * @param attempt 1 for the first.
 * @param random in [0, 1).
 */
export function retryDelayMs(attempt: number, random: number): number {
  const fullMs = Math.min(capMs, firstMs * 2 ** Math.min(attempt - 1, 20));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}
