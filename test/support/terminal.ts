import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../src/stacks/project.ts";
import type { Sandbox } from "./sandbox.ts";

/** A command on an interactive terminal. */
export interface Terminal {
  /** All output so far. */
  readonly screen: () => string;
  type(text: string): void;
  /** Presses Ctrl-C. */
  interrupt(): void;
  readonly ended: Promise<number | null>;
}

/** Runs swarmctl on a pseudo-terminal of script(1). */
export function onTerminal(
  sandbox: Sandbox,
  args: readonly string[],
  started: (child: ChildProcess) => void,
): Terminal {
  const command = [process.execPath, join(packageRoot, "bin", "swarmctl.js"), ...args];
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const child = spawn(
    "script",
    ["--quiet", "--flush", "--return", "--command", `stty cols 100 rows 30; exec ${quoted}`, "/dev/null"],
    {
      cwd: sandbox.home,
      env: { ...sandbox.env, TERM: "xterm" },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  started(child);
  let screen = "";
  child.stdout.on("data", (bytes: Buffer) => {
    screen += bytes.toString();
  });
  return {
    screen: () => screen,
    type: (text) => void child.stdin.write(text),
    interrupt: () => void child.stdin.write("\u0003"),
    ended: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status));
    }),
  };
}
