import { closeSync, existsSync, openSync, readSync, renameSync, statSync, truncateSync, writeSync } from "node:fs";
import { removeIfThere } from "./files.ts";

export interface RotationLimits {
  /** Limit of one file; a file that grows quickly between two checks may exceed it. */
  readonly maxBytes: number;
  /** Number of files: the current one, and the older ones `.1`, `.2` ... */
  readonly files: number;
}

export const defaultLimits: RotationLimits = { maxBytes: 5 * 1024 * 1024, files: 3 };

/** Decides about a log of a given size: nothing, or keep its last bytes as the newest older file. */
export function rotationOf(
  sizeBytes: number,
  limits: RotationLimits,
): { readonly keepBytes: number; readonly dropBytes: number } | undefined {
  if (sizeBytes < limits.maxBytes) return undefined;
  const keepBytes = Math.min(sizeBytes, 2 * limits.maxBytes);
  return { keepBytes, dropBytes: sizeBytes - keepBytes };
}

/** First line of an older file whose beginning was dropped. */
export const droppedMark = "[swarmstack] earlier lines dropped: ";

/**
 * Bounds a log that another process has open for appending: copies and truncates it. The writer needs no pipe and no
 * signal, so it survives the rotating process. Output written between the last read and the truncation (microseconds)
 * is lost.
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
  // A writer that is faster than the copy must not keep it busy.
  const endBytes = decision.dropBytes + decision.keepBytes + limits.maxBytes;
  copyEnd(path, `${path}.tmp`, decision.dropBytes, endBytes);
  renameSync(`${path}.tmp`, `${path}.1`);
  truncateSync(path);
  return true;
}

function copyEnd(from: string, to: string, dropBytes: number, endBytes: number): void {
  const source = openSync(from, "r");
  const copy = openSync(to, "w", 0o600);
  try {
    if (dropBytes > 0) writeSync(copy, `${droppedMark}${dropBytes} bytes\n`);
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    for (let position = dropBytes; position < endBytes; ) {
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
