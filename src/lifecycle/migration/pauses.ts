/** How long each instance did not work, in milliseconds. */
export type Pauses = Readonly<Record<string, number>>;

export interface PauseSummary {
  readonly instances: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly longestMs: number;
}

/** Nearest-rank percentiles; undefined where nobody had to pause. */
export function summarizePauses(pauses: Pauses): PauseSummary | undefined {
  const sorted = Object.values(pauses).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  if (sorted.length === 0) return undefined;
  return { instances: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), longestMs: at(1) };
}
