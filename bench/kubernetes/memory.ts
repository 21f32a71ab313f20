import { readdirSync, readFileSync } from "node:fs";
import { setInterval as every } from "node:timers/promises";

const intervalMs = 500;

/** Peak memory of all processes of a home folder while `work` runs, in MiB; pages that several share count once. */
export async function peakMemory<Result>(home: string, work: () => Promise<Result>): Promise<[Result, number]> {
  const controller = new AbortController();
  let peak = 0;
  const watching = (async () => {
    for await (const _ of every(intervalMs, undefined, { signal: controller.signal })) peak = Math.max(peak, sum(home));
  })().catch(() => {});
  try {
    const result = await work();
    return [result, Math.round(peak / 2 ** 10)];
  } finally {
    controller.abort();
    await watching;
  }
}

/** Proportional set size in KiB (proc_pid_smaps(5)). */
function sum(home: string): number {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .reduce((total, pid) => total + shareOf(pid, home), 0);
}

function shareOf(pid: string, home: string): number {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`HOME=${home}`)) return 0;
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    // The process has ended.
    return 0;
  }
}
