import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { stackFolder } from "./backend.ts";
import type { DoctorRow } from "./engine/index.ts";
import { describeLock, judgeLocks, lockedError } from "./locks.ts";
import type { Settings } from "./settings.ts";

/** Checks the states and locks of a folder backend: damaged states fail, locks are shown. Changes nothing. */
export async function checkStacks({ backend }: Pick<Settings, "backend">): Promise<readonly DoctorRow[]> {
  if (backend.kind !== "folder") return [];
  const states = stackFolder(backend.dir, "stacks");
  const files = (await readdir(states).catch(() => [])).filter((name) => name.endsWith(".json"));
  const damaged = (await Promise.all(files.map((name) => whyDamaged(join(states, name))))).flatMap((why) => why ?? []);
  const locked = await readdir(stackFolder(backend.dir, "locks")).catch(() => []);
  const locks = (await Promise.all(locked.map((stack) => wordsOfLocks({ backend }, stack)))).flat();
  const found = [...damaged, ...locks];
  const check = "stacks";
  if (found.length === 0) return [{ check, status: "ok", detail: `states: ${files.length}, none damaged or locked` }];
  const status = damaged.length > 0 ? "fail" : "warn";
  return [{ check, status, detail: found.join("; "), hint: "swarmctl status NAME says what to do." }];
}

async function whyDamaged(file: string): Promise<string | undefined> {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return undefined;
  } catch (error) {
    return `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function wordsOfLocks({ backend }: Pick<Settings, "backend">, stack: string): Promise<readonly string[]> {
  const { held, stale } = await judgeLocks(backend, stack);
  const left = stale.map((lock) => `cluster ${stack}: ${describeLock(lock)}, which the next operation clears`);
  if (held.length === 0) return left;
  const { message, hints } = lockedError(stack, held, { host: hostname() });
  return [...left, [message, ...hints.filter((hint) => hint.includes("swarmctl"))].join(", ")];
}
