import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

const gibibyte = 1024 ** 3;

/** Free bytes for this user on the file system of a folder, which need not be there yet. */
export async function freeBytes(folder: string): Promise<number> {
  const figures = await statfs(folder).catch(() => undefined);
  if (figures !== undefined) return figures.bavail * figures.bsize;
  const parent = dirname(folder);
  return parent === folder ? 0 : freeBytes(parent);
}

export function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}

/** Modules, compiled packages and the executable of a build from nothing. */
export const buildNeedsBytes = 3 * gibibyte;

/** The executables alone. */
export const cacheNeedsBytes = 0.5 * gibibyte;
