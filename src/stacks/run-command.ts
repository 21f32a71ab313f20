import { spawn } from "node:child_process";
import { constants } from "node:os";
import { ignoresHangup } from "../platform/processes/hangup.ts";

/**
 * Runs a command on this terminal and forwards signals.
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
    // A terminal sends Ctrl-C to both processes; any other signal reaches only this one.
    const onInterrupt = () => void (process.stdin.isTTY || child.kill("SIGINT"));
    const onTerminate = () => void child.kill("SIGINT");
    // Commands abort on SIGTERM and SIGHUP (src/cli/context.ts); this forwards them to the engine.
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
