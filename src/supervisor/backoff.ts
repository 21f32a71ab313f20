const firstMs = 500;
const capMs = 30_000;
const goodRunMs = 60_000;

/**
 * How long to wait before an instance that ended by itself is started again: doubles with each failure in a row up to
 * 30 s, of which a random half is left off, so that many instances that end together do not start together ("equal jitter").
 *
 * @param failures ends in a row, 1 for the first.
 * @param random in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const fullMs = Math.min(capMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}

/** The number of failures in a row after another one: a run of 60 s or more wipes out those before it. */
export function failuresAfter(before: number, ranForMs: number): number {
  return ranForMs >= goodRunMs ? 1 : before + 1;
}
