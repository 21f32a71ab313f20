/** A YAML document as plain nodes with their positions: anchors, aliases and merge keys are resolved. */

/** Offsets into the text in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Scalar = string | number | boolean | null;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: Scalar;
  /** Source text without quotes: "1.0" for the value 1. */
  readonly source: string;
  readonly span: Span;
  readonly weight: number;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly span: Span;
  readonly weight: number;
}

export interface Entry {
  readonly keySpan: Span;
  readonly value: Node;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly span: Span;
  readonly weight: number;
}

/** Replaces a part that is already reported: readers skip it. */
export interface BrokenNode {
  readonly kind: "broken";
  readonly span: Span;
  readonly weight: number;
}

/** `weight` counts the contained values, with aliases expanded. */
export type Node = ScalarNode | ListNode | MapNode | BrokenNode;

export type Path = readonly (string | number)[];

/** A path as text: `agents[2].reports_to`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** The node at a path, or undefined. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) node = node === undefined ? undefined : childOf(node, step);
  return node;
}

function childOf(node: Node, step: string | number): Node | undefined {
  if (node.kind === "map") return node.entries.get(String(step))?.value;
  if (node.kind === "list" && typeof step === "number") return node.items[step];
  return undefined;
}

/** The span that marks a node: the first own key of a map (not a merged one), else the whole node. */
export function headOf(node: Node): Span {
  if (node.kind !== "map") return node.span;
  let first: Span | undefined;
  for (const { keySpan } of node.entries.values()) {
    const inside = keySpan.start >= node.span.start && keySpan.end <= node.span.end;
    if (inside && (first === undefined || keySpan.start < first.start)) first = keySpan;
  }
  return first ?? node.span;
}

/** The node as plain JSON. */
export function toPlain(node: Node): unknown {
  switch (node.kind) {
    case "broken":
      return null;
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(toPlain);
    case "map":
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
  }
}
