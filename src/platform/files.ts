import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { z } from "zod";

/**
 * Replaces a file by a JSON document in one step, readable by its user only: a reader sees the old or the new one.
 *
 * @param durable when true, it has reached the disk (file and folder are synced) on return.
 */
export function writeJson(path: string, value: unknown, durable = false): void {
  writeText(path, `${JSON.stringify(value, null, 2)}\n`, durable);
}

/** As `writeJson`, for any text. */
export function writeText(path: string, text: string, durable = false): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const fd = openSync(temporary, "w", 0o600);
  try {
    writeSync(fd, text);
    if (durable) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  if (durable) syncFolder(dirname(path));
}

/** Removes a file so that it stays removed after a power cut; one that is not there is success. */
export function removeDurably(path: string): void {
  rmSync(path, { force: true });
  try {
    syncFolder(dirname(path));
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}

/** Removes a file; one that is not there is success. */
export function removeIfThere(path: string): void {
  rmSync(path, { force: true });
}

/** The document in a file; undefined when there is none, or none that is whole. */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a folder, or finds it there. Not recursive: a site that was deleted must not come back bit by bit. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
}

/** The code of a system error, e.g. "ENOENT". */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Makes the names in a folder reach the disk. */
export function syncFolder(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
