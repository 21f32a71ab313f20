import { SwarmError } from "../../src/errors.ts";
import { buildInCache, entryOf } from "../../src/stacks/engine/build-in-cache.ts";
import { readCache } from "../../src/stacks/engine/cache.ts";
import { thisMachine } from "../../src/stacks/engine/machine.ts";
import type { EngineProgress } from "../../src/stacks/engine/model.ts";
import type { Recipe } from "../../src/stacks/engine/recipe.ts";
import type { Unavailable } from "../services/service.ts";

/**
 * The path of a program that is built from Go modules into the cache, once for each version of it; or why it cannot be
 * built here.
 *
 * @throws SwarmError SW502 when it does not compile.
 */
export async function findGoProgram(
  recipe: Recipe,
  onProgress: (progress: EngineProgress) => void = () => {},
): Promise<string | Unavailable> {
  const found = await readCache(entryOf(recipe, process.env));
  if (found.state === "good") return found.path;
  try {
    const made = await buildInCache(recipe, process.env, { onProgress }, thisMachine);
    return typeof made === "string" ? { unavailable: `no ${recipe.name} here: ${made}` } : made.path;
  } catch (error) {
    if (error instanceof SwarmError && error.values?.step === "download of its Go modules") {
      const [what, why] = error.message.split("\n");
      return { unavailable: `no ${recipe.name} here: ${what}: ${why}` };
    }
    throw error;
  }
}
