import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { z } from "zod";

/**
 * Replaces a file by a JSON document atomically, readable by its user only.
 * @param durable when true, file and folder are synced to the disk on return.
 */
export function writeJson(path: string, value: unknown, durable = false): void {
  writeText(path, `${JSON.stringify(value, null, 2)}\n`, durable);
}

/** Like `writeJson`, for any text. */
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

/** Removes a file durably; removing a missing file succeeds. */
export function removeDurably(path: string): void {
  rmSync(path, { force: true });
  try {
    syncFolder(dirname(path));
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}

/** Removes a file; removing a missing file succeeds. */
export function removeIfThere(path: string): void {
  rmSync(path, { force: true });
}

/** The document in a file; undefined when it is missing or invalid. */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Creates a folder unless it exists. Not recursive: a deleted site must not reappear piece by piece. */
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

/** Syncs the entries of a folder to the disk. */
export function syncFolder(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
