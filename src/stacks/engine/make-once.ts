import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type CacheEntry, readCache, storeInCache } from "./cache.ts";
import { withLock } from "./lock.ts";
import type { ReportProgress } from "./reporting.ts";

interface MakeOptions {
  readonly report: ReportProgress;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another process that makes it: several times what a slow machine needs. */
  readonly waitMs?: number;
  readonly pollMs?: number;
}

export interface Made {
  readonly path: string;
  /** False when another process had made it while this one waited. */
  readonly byUs: boolean;
}

const defaultWaitMs = 30 * 60_000;

/**
 * Fills an entry of the cache once, however many processes ask for it: one makes it in a folder beside the entry, the others
 * wait and take what it made. What a killed maker left behind is removed by the next one.
 *
 * `make` gets an empty folder and returns the folder that becomes the entry; `how` is recorded with it.
 *
 * @throws SwarmError SW504 when the other process does not finish in time, and what `make` throws.
 */
export async function makeOnce(
  entry: CacheEntry,
  how: string,
  options: MakeOptions,
  make: (folder: string) => Promise<string>,
): Promise<Made> {
  const { report, signal, waitMs = defaultWaitMs, pollMs = 500 } = options;
  const onWait = (holder: string): void => report("wait", `waiting for another one that makes it (${holder})`);
  return withLock(`${entry.folder}.lock`, { deadlineMs: waitMs, pollMs, onWait, signal }, async () => {
    const now = await readCache(entry);
    if (now.state === "good") return { path: now.path, byUs: false };
    const work = `${entry.folder}.work`;
    await remove(work);
    await mkdir(work, { recursive: true });
    try {
      // A name of its own: what a killed maker started may still write into the folder that it was given.
      const finished = await make(await mkdtemp(join(work, "make-")));
      report("store", "storing in the cache");
      return { path: await storeInCache(entry, finished, how), byUs: true };
    } finally {
      await remove(work);
    }
  });
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
