import { closeSync, existsSync, openSync, readSync, renameSync, statSync, truncateSync, writeSync } from "node:fs";
import { removeIfThere } from "./files.ts";

export interface RotationLimits {
  /** Of one file; one that is filled between two looks may be twice as large. */
  readonly maxBytes: number;
  /** Files in all: the one written to, and the older ones `.1`, `.2` ... */
  readonly files: number;
}

export const defaultLimits: RotationLimits = { maxBytes: 5 * 1024 * 1024, files: 3 };

/** What to do with a log of a given size: nothing, or keep its last bytes as the newest of the older files. */
export function rotationOf(
  sizeBytes: number,
  limits: RotationLimits,
): { readonly keepBytes: number; readonly dropBytes: number } | undefined {
  if (sizeBytes < limits.maxBytes) return undefined;
  const keepBytes = Math.min(sizeBytes, 2 * limits.maxBytes);
  return { keepBytes, dropBytes: sizeBytes - keepBytes };
}

/** First line of an older file that does not begin where its log began. */
export const droppedMark = "[swarmstack] earlier lines dropped: ";

/**
 * Bounds a log that another process has open for appending: copies it away and empties it. The writer needs no pipe and no
 * signal for that, so it outlives whoever rotates. What is written between the copy's last read and the truncation (microseconds)
 * is lost.
 *
 * @returns whether the log was rotated.
 */
export function rotate(path: string, limits: RotationLimits = defaultLimits): boolean {
  const decision = rotationOf(sizeOf(path), limits);
  if (!decision) return false;
  const oldest = limits.files - 1;
  removeIfThere(`${path}.${oldest}`);
  for (let age = oldest - 1; age >= 1; age--) {
    if (existsSync(`${path}.${age}`)) renameSync(`${path}.${age}`, `${path}.${age + 1}`);
  }
  copyEnd(path, `${path}.tmp`, decision.dropBytes);
  renameSync(`${path}.tmp`, `${path}.1`);
  truncateSync(path);
  return true;
}

function copyEnd(from: string, to: string, dropBytes: number): void {
  const source = openSync(from, "r");
  const copy = openSync(to, "w", 0o600);
  try {
    if (dropBytes > 0) writeSync(copy, `${droppedMark}${dropBytes} bytes\n`);
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    for (let position = dropBytes; ; ) {
      const read = readSync(source, buffer, 0, buffer.length, position);
      if (read === 0) break;
      writeSync(copy, buffer, 0, read);
      position += read;
    }
  } finally {
    closeSync(source);
    closeSync(copy);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
