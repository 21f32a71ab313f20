const suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;

/**
 * A quantity in the spelling that the API server answers with: the largest suffix that leaves an integer (k8s.io/apimachinery,
 * pkg/api/resource). In any other spelling it would come back otherwise than it was sent.
 *
 * @param value in units: cores, bytes, pieces
 */
export function quantity(value: number): string {
  let digits = Number.isInteger(value) ? BigInt(value) * 1_000_000_000n : BigInt(Math.round(value * 1e9));
  let suffix = 0;
  while (digits !== 0n && digits % 1000n === 0n && suffix < suffixes.length - 1) {
    digits /= 1000n;
    suffix++;
  }
  return digits === 0n ? "0" : `${digits}${suffixes[suffix]}`;
}
