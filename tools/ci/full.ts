// The full tier, or one shard of it: `npm run test:full -- --shard 3/48`. Other arguments go to vitest.
import { spawnSync } from "node:child_process";
import { fullTier } from "../../test/full-tier.ts";
import { cut, parseShard, secondsOf } from "../../test/support/shards.ts";

const args = process.argv.slice(2);
const joined = args.findIndex((arg) => arg.startsWith("--shard="));
const apart = args.indexOf("--shard");
const text =
  joined >= 0 ? args.splice(joined, 1)[0]?.slice("--shard=".length) : apart >= 0 ? args.splice(apart, 2)[1] : undefined;

const units = text === undefined ? fullTier : shard(text);
const files = [...new Set(units.map(({ file }) => `test/${file}`))];
process.stdout.write(
  `full tier${text === undefined ? "" : `, shard ${text}`}: ${units.length} of ${fullTier.length} units, recorded ${secondsOf(units)} s\n`,
);
const env = { ...process.env, ...(text !== undefined && { SWARM_SHARD: text }) };
const run = spawnSync("vitest", ["run", "--project", "full", ...(text === undefined ? [] : files), ...args], {
  stdio: "inherit",
  env,
});
process.exitCode = run.status ?? 1;

function shard(of: string) {
  const { index, of: parts } = parseShard(of);
  return cut(fullTier, parts)[index - 1] ?? [];
}
