import { SwarmError } from "../../errors.ts";
import type { EngineSource, LookupOptions } from "./model.ts";
import { sources } from "./model.ts";

function isSource(word: string): word is EngineSource {
  return sources.some((source) => source === word);
}

/**
 * The allowed sources, in the order of `sources`: the option, else SWARM_ENGINE_SOURCES, else all.
 *
 * @throws SwarmError SW501 for an unknown source.
 */
export function allowedSources(options: LookupOptions): readonly EngineSource[] {
  if (options.sources !== undefined) return sources.filter((source) => options.sources?.includes(source));
  const text = (options.env ?? process.env).SWARM_ENGINE_SOURCES;
  if (!text) return sources;
  const words = text.split(",").map((word) => word.trim());
  const unknown = words.find((word) => !isSource(word));
  if (unknown !== undefined) {
    throw new SwarmError("SW501", `SWARM_ENGINE_SOURCES names "${unknown}", which is not a source of an engine`, {
      hints: [`use some of: ${sources.join(",")}`],
      values: { value: text },
    });
  }
  return sources.filter((source) => words.includes(source));
}
