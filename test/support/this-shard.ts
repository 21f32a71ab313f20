import { fullTier } from "../full-tier.ts";
import { cut, parseShard } from "./shards.ts";

/**
 * Returns the cases of a file of the full tier that belong to this run's shard (SWARM_SHARD, "i/n"); all cases without a shard.
 *
 * @param file path below test/
 */
export function casesOfThisShard<Case extends { readonly id: string }>(
  file: string,
  cases: readonly Case[],
): readonly Case[] {
  const text = process.env.SWARM_SHARD;
  if (text === undefined) return cases;
  const { index, of } = parseShard(text);
  const own = new Set(
    (cut(fullTier, of)[index - 1] ?? []).filter((unit) => unit.file === file).map((unit) => unit.case),
  );
  return cases.filter(({ id }) => own.has(id));
}
