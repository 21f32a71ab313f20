/** Number of shards of the full tier in .ci/run. */
export const ciShards = 48;

/** A shard may start while the elapsed time plus its recorded seconds is below this. */
export const budgetSeconds = 65 * 60;

/**
 * All shards, starting from one that the commit selects.
 * @param commit hexadecimal
 */
export function drawShard(commit: string, of: number): readonly number[] {
  const first = Number.parseInt(commit.slice(0, 8), 16) % of || 0;
  return Array.from({ length: of }, (_, index) => ((first + index) % of) + 1);
}

interface Progress {
  readonly order: readonly number[];
  readonly ran: readonly number[];
  /** Recorded seconds of shards 1, 2, ... */
  readonly seconds: readonly number[];
  readonly elapsedSeconds: number;
}

/** The next shard in order that fits into the budget by its recorded seconds; undefined if none does. */
export function chooseNext({ order, ran, seconds, elapsedSeconds }: Progress): number | undefined {
  return order.find(
    (shard) =>
      !ran.includes(shard) && elapsedSeconds + (seconds[shard - 1] ?? Number.POSITIVE_INFINITY) < budgetSeconds,
  );
}
