import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { StateBackend } from "./backend.ts";
import { stackFolder } from "./backend.ts";

const suffix = ".attrs";

/**
 * Removes what a killed engine left half written beside the files of a stack: a file backend (gocloud.dev/blob/fileblob, setAttrs)
 * keeps a content type and a hash beside each file, and empties them before it writes them anew. It does without those that are
 * missing, and reads nothing beside those that are not whole: "failed to load checkpoint: EOF".
 *
 * @returns how many
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
