import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "./build-progress.ts";
import { type CacheEntry, type CacheState, readCache, storeInCache } from "./cache.ts";
import { withLock } from "./lock.ts";

export interface MakeOptions {
  readonly report: Report;
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly pollMs?: number;
}

export interface Made {
  readonly path: string;
  /** False when another process had made it while this one waited. */
  readonly byUs: boolean;
}

/**
 * Fills an entry of the cache once, however many processes ask for it: one makes it in a folder beside the entry, the others
 * wait and take what it made. What a killed maker left behind is removed by the next one.
 *
 * `make` gets an empty folder and returns the folder that becomes the entry.
 *
 * @throws SwarmError SW504 when the other process does not finish in time, and what `make` throws.
 */
export async function makeOnce(
  entry: CacheEntry,
  origin: string,
  options: MakeOptions,
  make: (folder: string) => Promise<string>,
): Promise<Made> {
  const onWait = (holder: string): void => options.report("wait", `waiting for the one who makes it (${holder})`);
  const { signal, pollMs } = options;
  const lock = { deadlineMs: options.waitMs, onWait, signal, ...(pollMs === undefined ? {} : { pollMs }) };
  return withLock(`${entry.folder}.lock`, lock, async () => {
    const now: CacheState = await readCache(entry);
    if (now.state === "good") return { path: now.path, byUs: false };
    const work = `${entry.folder}.work`;
    await rm(work, { recursive: true, force: true, maxRetries: 5 });
    await mkdir(work, { recursive: true });
    try {
      const finished = await make(await mkdtemp(join(work, "make-")));
      options.report("store", "storing in the cache");
      return { path: await storeInCache(entry, finished, origin), byUs: true };
    } finally {
      await rm(work, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}
