import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";

const gibibyte = 1024 ** 3;

/** Space for the executables alone. */
export const cacheNeedsBytes = 0.5 * gibibyte;

interface SpaceNeed {
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Names folders on a file system with too little free space; undefined if all have enough. Adds up the needs on each file
 * system.
 */
export async function shortOfSpace(needs: readonly SpaceNeed[]): Promise<string | undefined> {
  const perDevice = new Map<number, { folders: string[]; bytes: number }>();
  for (const { folder, bytes } of needs) {
    const { dev } = await stat(await nearest(folder));
    const sum = perDevice.get(dev) ?? { folders: [], bytes: 0 };
    perDevice.set(dev, { folders: [...sum.folders, folder], bytes: sum.bytes + bytes });
  }
  for (const { folders, bytes } of perDevice.values()) {
    const free = await freeBytes(folders[0] ?? "/");
    if (free >= bytes) continue;
    return `${inGibibytes(free)} are free for ${folders.join(", ")}, and a build needs ${inGibibytes(bytes)}`;
  }
  return undefined;
}

/** Free bytes for this user on the file system of a folder, which need not exist yet. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(await nearest(folder));
  return bavail * bsize;
}

export function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}

/** The folder, or its nearest existing ancestor. */
async function nearest(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  const parent = dirname(folder);
  return found !== undefined || parent === folder ? folder : nearest(parent);
}
