import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, resolve, sep } from "node:path";
import { cacheFolder } from "./cache.ts";
import type { Environment } from "./model.ts";

export async function isExecutable(path: string): Promise<boolean> {
  const file = await stat(path).catch(() => undefined);
  if (file?.isFile() !== true) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Path where the official install script puts an executable. */
export function inHome(name: string, env: Environment): string {
  return join(env.HOME || homedir(), ".pulumi", "bin", name);
}

/**
 * Executables of a name on PATH, in order and without duplicates. Excludes those in our cache (their hash would not be
 * checked), in SWARM_SHIM_DIR (they call us) and in the folders `others`, also behind a symbolic link.
 */
export async function onPath(name: string, env: Environment, others: readonly string[] = []): Promise<string[]> {
  const ours = [cacheFolder(env), ...(env.SWARM_SHIM_DIR ? [resolve(env.SWARM_SHIM_DIR)] : []), ...others];
  const hidden = await Promise.all(ours.map(realOrSame));
  const found = new Map<string, string>();
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = resolve(folder, name);
    if (!(await isExecutable(path))) continue;
    const real = await realOrSame(path);
    const places = [real, join(await realOrSame(resolve(folder)), name)];
    const isOurs = hidden.some((root) => places.some((location) => location.startsWith(root + sep)));
    if (!isOurs && !found.has(real)) found.set(real, path);
  }
  return [...found.values()];
}

async function realOrSame(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
