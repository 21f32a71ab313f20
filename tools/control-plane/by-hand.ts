import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { poll } from "../../src/runtime/wait.ts";
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

/** Starts a process that holds the control plane, and returns when it is up. */
export async function startByHand(holderArguments: readonly string[]): Promise<number> {
  const holder = spawn(process.execPath, [join(import.meta.dirname, "holder.ts"), ...holderArguments], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: holder.stdout });
  const status = await new Promise<number>((resolve) => {
    lines.once("line", () => resolve(0));
    holder.once("close", (code) => resolve(code ?? 1));
  });
  holder.stdout.destroy();
  holder.unref();
  return status;
}

export async function stopByHand({ pid, folder }: ByHand): Promise<void> {
  process.kill(pid, "SIGTERM");
  const gone = await poll(() => !existsSync(folder) || undefined, { deadlineMs: 60_000 });
  if (gone === undefined) throw new Error(`${folder} is still there: process ${pid} does not end`);
}
