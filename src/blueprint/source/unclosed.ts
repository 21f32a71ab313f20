import type { CST } from "yaml";
import type { Span } from "./tree.ts";

export interface Unclosed {
  readonly opening: Span;
  readonly closing: string;
}

/** The first unclosed quote or bracket; of nested ones the innermost. */
export function findUnclosed(tokens: readonly CST.Token[]): Unclosed | undefined {
  for (const token of tokens) {
    const found = inToken(token);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inToken(token: CST.Token | null | undefined): Unclosed | undefined {
  if (token === null || token === undefined) return undefined;
  switch (token.type) {
    case "document":
      return inToken(token.value);
    case "block-map":
    case "block-seq":
      return inItems(token.items);
    case "flow-collection": {
      const inside = inItems(token.items);
      if (inside !== undefined) return inside;
      const { offset, source } = token.start;
      const closing = source === "[" ? "]" : "}";
      if (token.end.some((end) => end.source === closing)) return undefined;
      return { opening: { start: offset, end: offset + 1 }, closing };
    }
    case "double-quoted-scalar":
      return inQuotes(token, '"', endsInQuote(token.source));
    case "single-quoted-scalar":
      return inQuotes(token, "'", token.source.split("'").length % 2 === 1);
    default:
      return undefined;
  }
}

function inItems(items: readonly CST.CollectionItem[]): Unclosed | undefined {
  for (const { key, value } of items) {
    const found = inToken(key) ?? inToken(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inQuotes({ offset, source }: CST.FlowScalar, closing: string, closed: boolean): Unclosed | undefined {
  if (closed) return undefined;
  const line = source.split("\n")[0] ?? source;
  return { opening: { start: offset, end: offset + line.trimEnd().length }, closing };
}

/** Whether the last character is an unescaped quote. */
function endsInQuote(source: string): boolean {
  if (source.length < 2 || !source.endsWith('"')) return false;
  let backslashes = 0;
  while (source[source.length - 2 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 0;
}
