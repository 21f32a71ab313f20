import type { SourceLocation } from "./diagnostics/diagnostic.ts";
import type { Lines, Position } from "./source/lines.ts";
import { headOf, type Node, nodeAt, type Path } from "./source/tree.ts";

/** Where the parts of a blueprint stand in its text. A path that is not in the text gives its nearest parent. */
export interface Positions {
  /** Of the value; of the key where the value is a map or a list. */
  readonly value: (path: Path) => Position;
  readonly key: (path: Path) => Position;
  readonly has: (path: Path) => boolean;
}

export function createPositions(root: Node | undefined, lines: Lines): Positions {
  const nowhere: SourceLocation = { span: { start: 0, end: 0 }, path: [] };
  return {
    value: (path) => lines.position((root === undefined ? nowhere : valueLocation(root, path)).span),
    key: (path) => lines.position((root === undefined ? nowhere : keyLocation(root, path)).span),
    has: (path) => root !== undefined && nodeAt(root, path) !== undefined,
  };
}

/** The value at the path; a map or list is shown by its key. */
export function valueLocation(root: Node, path: Path): SourceLocation {
  const node = nodeAt(root, path);
  if (node === undefined && path.length > 0) return { ...valueLocation(root, path.slice(0, -1)), path };
  if (node === undefined || node.kind === "map" || node.kind === "list") return keyLocation(root, path);
  return { span: node.span, path };
}

/** The key at the path; an item of a list is shown by its first key, or as it is. */
export function keyLocation(root: Node, path: Path): SourceLocation {
  const last = path.at(-1);
  if (last === undefined) return { span: headOf(root), path };
  const parent = nodeAt(root, path.slice(0, -1));
  if (parent?.kind === "map") {
    const entry = parent.entries.get(String(last));
    if (entry !== undefined) return { span: entry.keySpan, path };
  }
  const item = parent?.kind === "list" && typeof last === "number" ? parent.items[last] : undefined;
  if (item !== undefined) return { span: headOf(item), path };
  return { ...keyLocation(root, path.slice(0, -1)), path };
}
