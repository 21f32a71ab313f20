import type { Report, SourceLocation } from "../diagnostics/diagnostic.ts";
import { describeNode } from "./describe.ts";
import type { Entry, Node } from "./tree.ts";

/**
 * Applies a merge key (yaml.org/type/merge.html): keys of the map itself win, then those of earlier maps.
 *
 * @returns the weight of what was added.
 */
export function mergeInto(own: Map<string, Entry>, value: Node, location: SourceLocation, report: Report): number {
  const maps = value.kind === "list" ? value.items : [value];
  let added = 0;
  for (const map of maps) {
    if (map.kind === "broken") continue;
    if (map.kind !== "map") {
      report("SW109", location, { found: describeNode(map) });
      return added;
    }
    for (const [key, entry] of map.entries) {
      added += 1;
      if (!own.has(key)) own.set(key, entry);
    }
  }
  return added;
}
