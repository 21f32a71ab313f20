import type { Node } from "./tree.ts";

const shown = 40;

/** Describes a value for messages: `text "yes"`, `number 3`, `a list`. */
export function describeNode(node: Node): string {
  if (node.kind === "broken") return "something unreadable";
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a map";
  switch (typeof node.value) {
    case "string":
      return `text "${cut(node.value)}"`;
    case "number":
      return `number ${cut(node.source)}`;
    case "boolean":
      return `${node.value}`;
    default:
      return "nothing";
  }
}

/** A single-line text, shortened for a message. */
export function cut(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= shown ? line : `${line.slice(0, shown - 3)}...`;
}
