import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";
import { childEnvironment } from "../../platform/environment/child-environment.ts";
import { workingFolder } from "../../platform/folders.ts";
import type { Environment } from "./model.ts";

interface RunOptions {
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  /** Runs with low priority. */
  readonly nice?: boolean;
  /** Called with each line of standard error. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  /** Exit status; undefined if the command did not start, was ended by a signal or timed out. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no exit status. */
  readonly trouble?: string;
}

/** Runs a command and never throws; kills the whole process group on a time-out or abort. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve) => {
    let stdout = "";
    const lines: string[] = [];
    let trouble: string | undefined;
    const child = spawn(command, args, {
      cwd: options.cwd ?? workingFolder() ?? "/",
      env: childEnvironment(options.env),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const end = (reason: string): void => {
      trouble ??= reason;
      killGroup(child.pid);
    };
    const onAbort = (): void => end("interrupted");
    const timer = setTimeout(() => end(`no answer within ${options.timeoutMs / 1000} s`), options.timeoutMs);
    const settle = (status: number | undefined): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      const result = { status: trouble === undefined ? status : undefined, stdout, stderr: lines.join("\n") };
      resolve(trouble === undefined ? result : { ...result, trouble });
    };
    options.signal?.addEventListener("abort", onAbort);
    if (options.signal?.aborted) onAbort();
    if (options.nice === true && child.pid !== undefined) lowerPriority(child.pid);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      options.onLine?.(line);
    });
    child.on("error", (error) => {
      trouble ??= error.message;
      settle(undefined);
    });
    child.on("close", (status, signal) => {
      if (signal !== null) trouble ??= `ended by ${signal}`;
      settle(status ?? undefined);
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has exited already.
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, 10);
  } catch {
    // Priority is best effort.
  }
}
