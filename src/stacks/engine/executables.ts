import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, join, resolve, sep } from "node:path";
import type { Environment } from "./model.ts";

export async function isExecutable(path: string): Promise<boolean> {
  const file = await stat(path).catch(() => undefined);
  if (file?.isFile() !== true) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Executables of that name on PATH, in its order and each once; those below one of the `except` folders are ours and are
 * left out, also behind a symbolic link.
 */
export async function onPath(name: string, env: Environment, except: readonly string[]): Promise<string[]> {
  const hidden = await Promise.all(except.map(realOrSame));
  const found = new Map<string, string>();
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = resolve(folder, name);
    if (!(await isExecutable(path))) continue;
    const real = await realOrSame(path);
    const folderReal = join(await realOrSame(resolve(folder)), name);
    const ours = hidden.some((root) => isBelow(real, root) || isBelow(folderReal, root));
    if (!ours && !found.has(real)) found.set(real, path);
  }
  return [...found.values()];
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function realOrSame(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
