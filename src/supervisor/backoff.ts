const firstMs = 500;
const capMs = 30_000;
const goodRunMs = 60_000;

/**
 * Delay before an instance that ended unexpectedly restarts: doubles with each consecutive failure up to 30 s, minus
 * a random part of up to half ("equal jitter"), so that instances that end together do not restart together.
 * @param failures consecutive ends, 1 for the first.
 * @param random in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const fullMs = Math.min(capMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}

/** Consecutive failures including a new one: a run of 60 s or more resets the count. */
export function failuresAfter(before: number, ranForMs: number): number {
  return ranForMs >= goodRunMs ? 1 : before + 1;
}
