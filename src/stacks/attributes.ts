import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { StateBackend } from "./backend.ts";
import { stackFolder } from "./backend.ts";

const suffix = ".attrs";

/**
 * Removes attribute files that a killed engine left incomplete. A file backend (gocloud.dev/blob/fileblob, setAttrs) keeps the
 * content type and hash of each file in a file beside it, and truncates that before writing. A missing one is harmless; an
 * incomplete one makes the state unreadable ("failed to load checkpoint: EOF").
 *
 * @returns the number of removed files
 */
export async function removeBrokenAttributes(backend: StateBackend, stack: string): Promise<number> {
  if (backend.kind !== "folder") return 0;
  const state = join(stackFolder(backend.dir, "stacks"), `${stack}.json`);
  const locks = join(stackFolder(backend.dir, "locks"), stack);
  const beside = await list(dirname(state), (name) => name.startsWith(`${basename(state)}.`));
  let removed = 0;
  for (const path of [...beside, ...(await list(locks, () => true))]) {
    const text = await readFile(path, "utf8").catch(() => "{}");
    if (isWhole(text)) continue;
    await rm(path, { force: true });
    removed++;
  }
  return removed;
}

async function list(folder: string, isOurs: (name: string) => boolean): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(suffix) && isOurs(name)).map((name) => join(folder, name));
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
