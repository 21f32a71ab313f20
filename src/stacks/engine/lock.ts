import { rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SwarmError } from "../../errors.ts";
import { isNoDatabase } from "../../platform/lock.ts";

interface LockOptions {
  /** Time limit to wait for another holder. */
  readonly deadlineMs: number;
  /** Called on each attempt that finds the lock held. */
  readonly onWait?: (holder: string, waitedMs: number) => void;
  readonly signal?: AbortSignal | undefined;
  readonly pollMs?: number;
}

/**
 * Runs `work` while holding a lock file, exclusive across and within processes.
 *
 * Uses the operating system's lock on a SQLite file, which ends with its process: kill -9 leaves no lock behind, and no
 * liveness check of the holder is needed. The file itself stays.
 *
 * @throws SwarmError SW504 when another holder does not finish before the deadline.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const release = await acquire(file, options);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(file: string, options: LockOptions): Promise<() => void> {
  await mkdir(dirname(file), { recursive: true });
  const started = performance.now();
  for (;;) {
    options.signal?.throwIfAborted();
    const release = await tryLock(file).catch((error: unknown) => {
      // A file damaged by a power loss cannot be locked.
      if (!isNoDatabase(error)) throw error;
      rmSync(file, { force: true });
      return tryLock(file);
    });
    if (release !== undefined) {
      await writeFile(`${file}.holder`, `process ${process.pid}, since ${new Date().toISOString()}`);
      return release;
    }
    const waitedMs = performance.now() - started;
    const holder = await readFile(`${file}.holder`, "utf8").catch(() => "another process");
    if (waitedMs > options.deadlineMs) {
      throw new SwarmError("SW504", `${holder} has the build lock; waited ${Math.round(waitedMs / 1000)} s`, {
        hints: ["inspect or end that process: its lock ends with it", "then run the command again"],
        values: { holder, lock: file },
      });
    }
    options.onWait?.(holder, waitedMs);
    await sleep(options.pollMs ?? 500, undefined, { signal: options.signal });
  }
}

const sqliteBusy = 5;

async function tryLock(file: string): Promise<(() => void) | undefined> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode=MEMORY; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
    return () => database.close();
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return undefined;
    throw error;
  }
}
