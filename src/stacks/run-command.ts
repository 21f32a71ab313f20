import { spawn } from "node:child_process";
import { constants } from "node:os";

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
    process.on("SIGINT", onInterrupt);
    process.on("SIGTERM", onTerminate);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
