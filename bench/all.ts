// Runs the benchmarks and writes docs/performance.md: `npm run bench`. About 40 minutes on two cores; nothing else may run beside it.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { performancePage, type Run } from "./page.ts";

/** How often each benchmark runs. */
const subjects = { commands: 1, tasks: 1, autoscaler: 1, heartbeats: 1, blueprint: 1, kubernetes: 3 };

const runs: Run[] = [];
for (const [subject, times] of Object.entries(subjects)) {
  for (let round = 0; round < times; round++) {
    console.log(`bench:${subject}, run ${round + 1} of ${times}`);
    const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, `${subject}.ts`)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lastLine = stdout.trim().split("\n").at(-1) ?? "";
    console.log(lastLine);
    runs.push({ subject, result: status === 0 ? lastLine : `failed with status ${status}` });
  }
}
const machine = {
  cores: availableParallelism(),
  gib: Math.round(totalmem() / 2 ** 30),
  processor: cpus()[0]?.model.trim() ?? "unknown",
  node: process.version,
};
const page = new URL("../docs/performance.md", import.meta.url);
writeFileSync(page, performancePage(machine, runs));
