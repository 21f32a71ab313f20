import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { ProcessSample } from "../../agent-api/health/usage.ts";
import { parseProcStat, parsePs } from "./parse.ts";

/** Only ARM and POWER machines with other kernels have larger pages; a sum of memory is then too small, never wrong by itself. */
const pageBytes = 4096;

/** All processes that live now. */
export async function sampleProcesses(): Promise<ProcessSample[]> {
  return process.platform === "linux" ? sampleProc() : samplePs();
}

function sampleProc(): ProcessSample[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(name))
    .filter((sample) => sample !== undefined);
}

function readStat(pid: string): ProcessSample | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, "latin1"), pageBytes);
  } catch {
    return undefined;
  }
}

async function samplePs(): Promise<ProcessSample[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,pgid=,time=,rss="], {
    env: { ...process.env, LC_ALL: "C" },
    maxBuffer: 16 * 1024 * 1024,
  });
  return parsePs(stdout);
}
