import { spawn } from "node:child_process";
import { constants } from "node:os";
import { ignoresHangup } from "../platform/processes/hangup.ts";

/**
 * Runs a command on this terminal and passes signals on.
 *
 * @returns its exit status
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: "inherit" });
    // A terminal sends Ctrl-C to both; every other signal reaches us alone. The engine decides what it does with it.
    const onInterrupt = () => void (process.stdin.isTTY || child.kill("SIGINT"));
    const onTerminate = () => void child.kill("SIGINT");
    // Commands abort at SIGTERM and SIGHUP (src/cli/context.ts); the engine is told here.
    process.on("SIGINT", onInterrupt);
    process.on("SIGTERM", onTerminate);
    if (!ignoresHangup()) process.on("SIGHUP", onTerminate);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
      process.off("SIGHUP", onTerminate);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
