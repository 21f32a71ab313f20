import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { systemCode } from "./files.ts";

/** Says why a folder cannot be written, or be made; undefined when it can. Changes nothing. */
export function whyUnwritable(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    const parent = dirname(folder);
    return parent === folder ? `${folder} cannot be read` : whyUnwritable(parent);
  }
  if (!found.isDirectory()) return `${folder} is not a folder`;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (systemCode(error) === "EROFS") return `${folder} is on a file system that is read-only`;
    const owner = found.uid === process.getuid?.() ? "" : `, it belongs to user ${found.uid}`;
    return `${folder} cannot be written by this user${owner}`;
  }
}

/** Free bytes for this user on the file system of a folder, or of the nearest folder above it that is there. */
export function freeBytesOf(folder: string): number {
  const parent = dirname(folder);
  if (!existsSync(folder) && parent !== folder) return freeBytesOf(parent);
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The working folder of this process; undefined when it was deleted. */
export function workingFolder(): string | undefined {
  try {
    const folder = process.cwd();
    return existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}
