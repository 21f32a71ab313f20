import { spawnSync } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../src/stacks/project.ts";
import { Sandbox } from "../test/support/sandbox.ts";

/**
 * Whole commands on the local target, from start to exit: seconds, medians of five, beside `node -e 0`. The quick start's team for
 * `--help`, `status` and an `up` without changes; 50 instances for `up`, `hibernate` and `reactivate`. The last line is the result.
 */
const rounds = 5;

const fifty = (name: string) => `metadata: { id: ${name}, name: Fifty, version: 1.0.0 }
cluster: { type: standard, min_workers: 50, max_workers: 50, target: local }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - { role: worker, name: Worker, count: 49, reports_to: supervisor, capabilities: [work] }
`;

type Seconds = Record<string, number[]>;

const seconds: Seconds = {};
const sandbox = new Sandbox();
try {
  for (let round = 0; round < rounds; round++)
    await timed("node", async () => void spawnSync(process.execPath, ["-e", "0"]));
  await quickStart();
  await manyInstances();
} finally {
  await sandbox.dispose();
}
const medians = Object.fromEntries(Object.entries(seconds).map(([name, values]) => [name, median(values)]));
const machine = { cores: availableParallelism(), gib: Math.round(totalmem() / 2 ** 30) };
console.log(JSON.stringify({ commands: { machine, ...medians } }));

async function quickStart(): Promise<void> {
  const blueprint = join(packageRoot, "blueprints", "marketing.yaml");
  await swarmctl("up", blueprint);
  for (let round = 0; round < rounds; round++) {
    await timed("help", () => swarmctl("--help"));
    await timed("status", () => swarmctl("status"));
    await timed("upWithoutChange", () => swarmctl("up", blueprint));
  }
  await swarmctl("down", "marketing-v1", "--yes");
}

async function manyInstances(): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const name = `fifty-${round}`;
    const file = sandbox.write(`${name}.yaml`, fifty(name));
    await timed("up50", () => swarmctl("up", file));
    await timed("hibernate50", () => swarmctl("hibernate", name));
    await timed("reactivate50", () => swarmctl("reactivate", name));
    await swarmctl("down", name, "--yes");
  }
}

async function swarmctl(...args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await sandbox.run(args);
  if (status !== 0) throw new Error(`swarmctl ${args.join(" ")}: status ${status}\n${stdout}\n${stderr}`);
}

async function timed(name: string, work: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  await work();
  const took = (performance.now() - begun) / 1000;
  seconds[name] = [...(seconds[name] ?? []), took];
  console.log(`${name}: ${took.toFixed(2)} s`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(100 * (sorted[Math.floor(sorted.length / 2)] ?? 0)) / 100;
}
