import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { poll } from "../../src/platform/wait.ts";
import { cacheFolder } from "../../src/stacks/engine/cache.ts";

const record = z.object({
  pid: z.number(),
  folder: z.string(),
  url: z.string(),
  kubeconfig: z.string(),
  kubectl: z.string(),
});

/** The control plane that a person started: of each user of this machine at most one. */
export type ByHand = z.output<typeof record>;

const file = join(cacheFolder(process.env), "control-plane/by-hand.json");
const logFile = join(cacheFolder(process.env), "control-plane/by-hand.log");

export function writeByHand(running: ByHand): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(running)}\n`);
}

export function removeByHand(): void {
  rmSync(file, { force: true });
}

/** Its folder goes with it, whatever ended it; so a folder that is there says that the process of the record is ours. */
export function findByHand(): ByHand | undefined {
  if (!existsSync(file)) return undefined;
  const running = record.parse(JSON.parse(readFileSync(file, "utf8")));
  return existsSync(running.folder) ? running : undefined;
}

/**
 * Starts a process that holds the control plane, and returns its exit status, or 0 when the control plane is up. The
 * holder writes to a log file alone: it keeps no descriptor of the caller open. What it writes until then is shown.
 */
export async function startByHand(holderArguments: readonly string[]): Promise<number> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "w");
  const holder = spawn(process.execPath, [join(import.meta.dirname, "holder.ts"), ...holderArguments], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let status: number | undefined;
  holder.once("exit", (code) => {
    status = code ?? 1;
  });
  // The holder has a session of its own, which no Ctrl-C of this terminal reaches.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => holder.kill());
  const written = openSync(logFile, "r");
  const show = () => process.stderr.write(readFileSync(written));
  await poll(
    () => {
      show();
      return status ?? (findByHand()?.pid === holder.pid || undefined);
    },
    { deadlineMs: Number.POSITIVE_INFINITY },
  );
  show();
  closeSync(written);
  holder.unref();
  return status ?? 0;
}

export async function stopByHand({ pid, folder }: ByHand): Promise<void> {
  process.kill(pid, "SIGTERM");
  const gone = await poll(() => !existsSync(folder) || undefined, { deadlineMs: 60_000 });
  if (gone === undefined) throw new Error(`${folder} is still there: process ${pid} does not end`);
}
