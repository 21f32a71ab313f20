import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** The right to be the only one that works in a folder. */
export interface FolderLock {
  /** Whether the file that was locked is still the one under its name: false when somebody deleted the folder. */
  stands(): boolean;
  release(): void;
}

const sqliteBusy = 5;

/** Two that try at the same instant can hinder each other; SQLite then tries again for this long. */
const collisionMs = 500;

/**
 * Takes the exclusive lock of a folder, or returns undefined when another process has it.
 *
 * Node has no flock(2), SQLite has: an exclusive transaction on an empty database holds an fcntl(2) lock. The kernel drops it with
 * the process, however that ends, so there is no stale lock and no process id to compare.
 */
export function acquireLock(path: string): FolderLock | undefined {
  const database = new DatabaseSync(path, { timeout: collisionMs });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return undefined;
    throw error;
  }
  const inode = statSync(path).ino;
  return {
    stands: () => statSync(path, { throwIfNoEntry: false })?.ino === inode,
    release: () => database.close(),
  };
}
