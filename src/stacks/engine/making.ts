import { dirname } from "node:path";
import { SwarmError } from "../../errors.ts";
import type { Report } from "./build-progress.ts";
import { type CacheEntry, cacheEntry, cacheFolder } from "./cache.ts";
import { findGo, type Go } from "./go.ts";
import type { Environment, LookupOptions, Progress } from "./model.ts";
import type { Recipe } from "./recipe.ts";
import { buildNeedsBytes, cacheNeedsBytes, freeBytes, inGibibytes } from "./space.ts";

/** How long to wait for another process that builds; twice what a slow machine takes. */
export const waitMs = 30 * 60_000;

export function entryOf(recipe: Recipe, env: Environment): CacheEntry {
  return cacheEntry(cacheFolder(env), recipe.kind, recipe.version, recipe.binary);
}

/**
 * Runs work that reports what it does, and repeats the last report each second so that a clock on the screen moves.
 *
 * @throws SwarmError SW606 when the caller's signal ended it.
 */
export async function reporting<T>(options: LookupOptions, work: (report: Report) => Promise<T>): Promise<T> {
  const started = performance.now();
  let last: Omit<Progress, "elapsedMs"> | undefined;
  const send = (): void => {
    if (last !== undefined) options.onProgress?.({ ...last, elapsedMs: Math.round(performance.now() - started) });
  };
  const timer = setInterval(send, 1000);
  try {
    return await work((phase, message, fraction) => {
      last = { phase, message, ...(fraction === undefined ? {} : { fraction }) };
      send();
    });
  } catch (error) {
    if (options.signal?.aborted)
      throw new SwarmError("SW606", "The search for an engine was interrupted", { cause: error });
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Builds a recipe after looking at what the build needs; a text says what is missing. */
export async function prepareBuild(recipe: Recipe, env: Environment): Promise<Go | string> {
  const go = await findGo(env);
  if (typeof go === "string") return go;
  const needs = [
    { folder: go.buildCache, bytes: buildNeedsBytes },
    { folder: go.moduleCache, bytes: buildNeedsBytes },
    { folder: dirname(entryOf(recipe, env).folder), bytes: cacheNeedsBytes },
  ];
  for (const { folder, bytes } of needs) {
    const free = await freeBytes(folder);
    if (free < bytes) return `${folder} has ${inGibibytes(free)} free, and the build needs ${inGibibytes(bytes)}`;
  }
  return go;
}
