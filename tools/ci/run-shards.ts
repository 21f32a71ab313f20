// Runs shards of the full tier within the budget of .ci/run: `run-shards.ts --started EPOCH --commit SHA`. It starts
// with a shard that the commit selects, so that all shards run over many commits.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { fullTier } from "../../test/full-tier.ts";
import { cut, secondsOf } from "../../test/support/shards.ts";
import { chooseNext, ciShards, drawShard } from "./choose-shards.ts";

const { values } = parseArgs({ options: { started: { type: "string" }, commit: { type: "string", default: "0" } } });
const startedMs = Number(values.started) * 1000;
const seconds = cut(fullTier, ciShards).map(secondsOf);
const order = drawShard(values.commit, ciShards);
const ran: number[] = [];
const elapsed = () => (Date.now() - startedMs) / 1000;

for (;;) {
  const next = chooseNext({ order, ran, seconds, elapsedSeconds: elapsed() });
  if (next === undefined) break;
  ran.push(next);
  const shard = `${next}/${ciShards}`;
  const { status } = spawnSync("npm", ["run", "test:full", "--", "--shard", shard], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
const left = order.filter((shard) => !ran.includes(shard));
const told = [
  `full tier: of ${ciShards} shards ran ${ran.length === 0 ? "none" : ran.join(", ")}; not run: ${left.join(", ") || "none"}`,
  `(${Math.round(elapsed() / 60)} min so far)`,
];
process.stdout.write(`${told.join(" ")}\n`);
