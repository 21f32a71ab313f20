import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A separate process that starts a server and waits to be killed, with the folder of the server. */
export async function startedBy(file: string): Promise<{ readonly starter: ChildProcess; readonly folder: string }> {
  const starter = spawn(process.execPath, [join(import.meta.dirname, file)], { stdio: ["ignore", "pipe", "inherit"] });
  const folder = await new Promise<string>((resolve) =>
    createInterface({ input: starter.stdout }).once("line", resolve),
  );
  return { starter, folder };
}

/** Ids of the processes that were started with the folder in their arguments. */
export function processesOf(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
    } catch {
      return false;
    }
  });
}
