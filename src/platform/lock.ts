import { rmSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Exclusive lock of a folder. */
export interface FolderLock {
  /** Whether the locked file is still the one at its path: false after the folder was deleted. */
  stands(): boolean;
  release(): void;
}

const sqliteBusy = 5;
const sqliteNoDatabase = 26;

/** How long SQLite retries when two processes lock at the same instant. */
const collisionMs = 500;

/**
 * Takes the exclusive lock of a folder; undefined when another process holds it. Node has no flock(2); an exclusive
 * transaction of SQLite on an empty database holds an fcntl(2) lock. The kernel releases it when the process ends, so
 * there is no stale lock and no process id to compare.
 */
export function acquireLock(path: string): FolderLock | undefined {
  try {
    return tryLock(path);
  } catch (error) {
    if (!isNoDatabase(error)) throw error;
    // A file that was damaged by a power loss locks nothing.
    rmSync(path, { force: true });
    return tryLock(path);
  }
}

/** Whether SQLite refused a file because its content is no database. */
export function isNoDatabase(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteNoDatabase;
}

function tryLock(path: string): FolderLock | undefined {
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
