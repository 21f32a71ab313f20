import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type CacheEntry, readCache, storeInCache } from "./cache.ts";
import { withLock } from "./lock.ts";
import type { ReportProgress } from "./reporting.ts";

interface MakeOptions {
  readonly report: ReportProgress;
  readonly signal?: AbortSignal | undefined;
  /** Time limit to wait for another process; several times what a slow machine needs. */
  readonly waitMs?: number;
  readonly pollMs?: number;
}

export interface Made {
  readonly path: string;
  /** False if another process made it while this one waited. */
  readonly byUs: boolean;
}

const defaultWaitMs = 30 * 60_000;

/**
 * Fills a cache entry once across processes: one makes it in a folder beside the entry, the others wait for it. The next
 * maker removes leftovers of a killed one.
 *
 * `make` receives an empty folder and returns the folder that becomes the entry; `how` is recorded with it.
 *
 * @throws SwarmError SW504 when the other process does not finish in time, and errors of `make`.
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
      // A unique name: children of a killed maker may still write into its folder.
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
