/** Longer words are not compared; this bounds the time of a comparison. */
const maxWordLength = 64;

/**
 * The most similar word of `known`, or undefined. Case, dashes and underscores are ignored; one edit (insert, delete,
 * change, swap of neighbours) for each three letters is allowed.
 * @example didYouMean("reportsTo", ["reports_to", "role"]) // "reports_to"
 */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  if (word.length > maxWordLength) return undefined;
  const wanted = fold(word);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const folded = fold(candidate);
    if (Math.abs(folded.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, folded);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function fold(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, "");
}

/** Optimal string alignment: Levenshtein with swaps of neighbours (Damerau 1964). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
