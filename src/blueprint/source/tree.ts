/** A YAML document as plain nodes with their places in the text: anchors, aliases and merge keys are already resolved. */

/** Offsets into the text in UTF-16 code units; `end` is behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Scalar = string | number | boolean | null;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: Scalar;
  /** As written, without quotes: "1.0" where the value is 1. */
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

/** In place of something that is reported already: readers pass over it in silence. */
export interface BrokenNode {
  readonly kind: "broken";
  readonly span: Span;
  readonly weight: number;
}

/** `weight` counts the values inside, each alias at its full weight. */
export type Node = ScalarNode | ListNode | MapNode | BrokenNode;

export type Path = readonly (string | number)[];

/** A path as people write it: `agents[2].reports_to`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** What stands at the path, or undefined. */
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

/** What shows a node to people: a map by its first own key (not one that is merged in), all else as it is. */
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
