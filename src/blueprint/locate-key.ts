import type { BlueprintSource } from "./load.ts";
import { parseBlueprint } from "./parse.ts";
import { formatPath, type Path } from "./source/tree.ts";

/** The place of the first of some keys that a file has, as `team.yaml:12:5`; without a file, its path. */
export function locateKey(source: BlueprintSource | undefined, keys: readonly Path[]): string {
  const [first = []] = keys;
  if (source === undefined) return formatPath(first);
  const { positions } = parseBlueprint(source.text, { file: source.file });
  const found = keys.find((path) => positions.has(path)) ?? first;
  const { line, column } = positions.key(found);
  return `${source.file}:${line}:${column}`;
}
