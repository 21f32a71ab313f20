/** How many parts .ci/run cuts the full tier into. */
export const ciShards = 48;

/** When a shard may still start: the run so far and the shard's recorded seconds are under this. */
export const budgetSeconds = 65 * 60;

/** All shards, from the one that a commit draws onwards. @param commit hexadecimal */
export function drawShard(commit: string, of: number): readonly number[] {
  const first = Number.parseInt(commit.slice(0, 8), 16) % of || 0;
  return Array.from({ length: of }, (_, index) => ((first + index) % of) + 1);
}

interface Progress {
  readonly order: readonly number[];
  readonly ran: readonly number[];
  /** Recorded seconds of shard 1, 2, ... */
  readonly seconds: readonly number[];
  readonly elapsedSeconds: number;
}

/** The next shard, in order, that ends within the budget by its recorded seconds; undefined where none does. */
export function chooseNext({ order, ran, seconds, elapsedSeconds }: Progress): number | undefined {
  return order.find(
    (shard) =>
      !ran.includes(shard) && elapsedSeconds + (seconds[shard - 1] ?? Number.POSITIVE_INFINITY) < budgetSeconds,
  );
}
