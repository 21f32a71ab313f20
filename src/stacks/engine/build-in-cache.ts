import { dirname } from "node:path";
import { build } from "./build.ts";
import { type CacheEntry, cacheEntry, cacheFolder } from "./cache.ts";
import { findGo } from "./go.ts";
import type { Machine } from "./machine.ts";
import { type Made, makeOnce } from "./make-once.ts";
import type { Environment, LookupOptions } from "./model.ts";
import type { Recipe } from "./recipe.ts";
import { reporting } from "./reporting.ts";
import { cacheNeedsBytes, shortOfSpace } from "./space.ts";

export function entryOf(recipe: Recipe, env: Environment): CacheEntry {
  return cacheEntry(cacheFolder(env), recipe.kind, recipe.version, recipe.binary);
}

/**
 * Builds a recipe into the cache, or waits for another process that does. Returns a text that names a missing requirement.
 *
 * @throws SwarmError SW502, SW504, SW606.
 */
export async function buildInCache(
  recipe: Recipe,
  env: Environment,
  options: LookupOptions,
  machine: Machine,
): Promise<(Made & { readonly goVersion: string }) | string> {
  const go = await findGo(env, machine.goFolders);
  if (typeof go === "string") return go;
  const entry = entryOf(recipe, env);
  const lacking = await shortOfSpace([
    { folder: go.buildCache, bytes: recipe.needsBytes.packages },
    { folder: go.moduleCache, bytes: recipe.needsBytes.modules },
    { folder: dirname(entry.folder), bytes: cacheNeedsBytes },
  ]);
  if (lacking !== undefined) return lacking;
  const { signal } = options;
  return reporting(options, async (report) => {
    const made = await makeOnce(entry, "build", { report, signal }, (folder) =>
      build(recipe, go, folder, { env, report, signal }),
    );
    return { ...made, goVersion: go.version };
  });
}
