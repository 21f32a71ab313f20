import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

const gibibyte = 1024 ** 3;

/** Modules, compiled packages and the executable of a build from nothing. */
export const buildNeedsBytes = 3 * gibibyte;

/** The executables alone. */
export const cacheNeedsBytes = 0.5 * gibibyte;

export interface SpaceNeed {
  readonly folder: string;
  readonly bytes: number;
}

/** Says which folder lies on a file system with too little space; undefined when all have enough. */
export async function shortOfSpace(needs: readonly SpaceNeed[]): Promise<string | undefined> {
  for (const { folder, bytes } of needs) {
    const free = await freeBytes(folder);
    if (free < bytes) return `${folder} has ${inGibibytes(free)} free, and the build needs ${inGibibytes(bytes)}`;
  }
  return undefined;
}

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
