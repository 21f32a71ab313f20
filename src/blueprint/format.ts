import { type Document, isMap, isScalar, isSeq, parseDocument, Scalar, visit, YAMLMap, YAMLSeq } from "yaml";
import { SwarmError } from "../errors.ts";
import { createCollector } from "./diagnostics/collect.ts";
import { canonicalJson } from "./digest.ts";
import { renderText } from "./render/text.ts";
import { blueprintShape } from "./schema/blueprint.ts";
import type { Shape } from "./shape/shape.ts";
import { readYaml } from "./source/read-yaml.ts";
import { toPlain } from "./source/tree.ts";

/**
 * Writes a blueprint in its canonical form: keys in the order of the documentation, two spaces, comments kept. What it
 * says stays the same, and formatting twice changes nothing more. Keys keep their order where an anchor depends on it.
 *
 * @throws SwarmError SW500 where the YAML has errors. Wrong keys and values are no hindrance.
 */
export function formatBlueprint(text: string, file: string): string {
  const before = contentOf(text, file);
  for (const sort of [true, false]) {
    const written = write(text, sort);
    if (written !== undefined && sameContent(before, written, file)) return written;
  }
  return text;
}

/** What the text says, without regard to order. */
function contentOf(text: string, file: string): string {
  const collector = createCollector();
  const { lines, root } = readYaml(text, collector.report);
  const diagnostics = collector.finish(lines);
  if (root === undefined || diagnostics.length > 0) {
    throw new SwarmError("SW500", renderText({ file, text, diagnostics }), { values: { file, diagnostics } });
  }
  return canonicalJson(toPlain(root));
}

function sameContent(before: string, text: string, file: string): boolean {
  try {
    return contentOf(text, file) === before;
  } catch (thrown) {
    if (thrown instanceof SwarmError) return false;
    throw thrown;
  }
}

/** Undefined where an alias would come before its anchor. */
function write(text: string, sort: boolean): string | undefined {
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  // Failsafe: every scalar is its text, so that 007, 1.10 and 0x1f are written as they were.
  const document = parseDocument(plain, { schema: "failsafe", uniqueKeys: false, merge: false });
  spellOutNothing(document);
  if (sort) sortKeys(document.contents, blueprintShape, "root");
  padFlow(document);
  try {
    return document.toString({ lineWidth: 0, indent: 2, indentSeq: true });
  } catch {
    // The library checks the order of anchors while it writes, and throws nothing else.
    return undefined;
  }
}

/** A key with nothing behind it would become an empty text. */
function spellOutNothing(document: Document): void {
  visit(document, {
    Scalar(_key, node) {
      if (node.value === "" && (node.type === undefined || node.type === Scalar.PLAIN)) node.value = "null";
    },
  });
}

/** What a map is part of: comments are attached by it. */
type FormatPosition = "root" | "value" | "item";

/** Known keys in the order of the schema; others behind them as they are; anchors of the user (x-) and merges first. */
function sortKeys(node: unknown, shape: Shape<unknown>, location: FormatPosition): void {
  const { inner } = shape;
  if (inner?.kind === "either") {
    for (const one of inner.shapes) sortKeys(node, one, location);
  } else if (isMap(node) && inner?.kind === "map") {
    for (const pair of node.items) sortKeys(pair.value, inner.value, "value");
  } else if (isSeq(node) && inner?.kind === "list") {
    for (const item of node.items) sortKeys(item, inner.item, "item");
  } else if (isMap(node) && inner?.kind === "object") {
    const order = Object.keys(inner.fields);
    const rank = (key: unknown): number => {
      const name = isScalar(key) ? String(key.value) : "";
      if (name === "<<" || (inner.free !== undefined && name.startsWith(inner.free))) return -1;
      const index = order.indexOf(name);
      return index === -1 ? order.length : index;
    };
    sortPairs(node, rank, location);
    for (const pair of node.items) {
      const field = isScalar(pair.key) ? inner.fields[String(pair.key.value)] : undefined;
      if (field !== undefined) sortKeys(pair.value, field.shape, "value");
    }
  }
}

/**
 * Comments stay with what they are about: the first one of the file with the file (without its last paragraph, where it
 * has several), one above a list item with the item, and any other with its key.
 */
function sortPairs(map: YAMLMap, rank: (key: unknown) => number, location: FormatPosition): void {
  const head = firstKey(map);
  const above = location === "value" ? map.commentBefore : undefined;
  if (head !== undefined && typeof above === "string") {
    head.commentBefore = above;
    map.commentBefore = null;
  }
  map.items.sort((a, b) => rank(a.key) - rank(b.key));
  const first = firstKey(map);
  if (head === undefined || first === undefined || head === first) return;
  head.spaceBefore = first.spaceBefore ?? false;
  first.spaceBefore = false;
  if (location !== "root" || typeof head.commentBefore !== "string") return;
  const paragraphs = head.commentBefore.split("\n\n");
  const own = paragraphs.length > 1 ? paragraphs.pop() : undefined;
  head.commentBefore = own ?? null;
  const comments = [paragraphs.join("\n\n"), first.commentBefore].filter((one) => typeof one === "string");
  first.commentBefore = comments.join("\n\n");
}

function firstKey(map: YAMLMap): Scalar | undefined {
  const key = map.items[0]?.key;
  return isScalar(key) ? key : undefined;
}

/** The library pads all flow collections alike; we write [a, b] and { a: b }. */
function padFlow(document: Document): void {
  visit(document, {
    Seq(_key, node) {
      node.toString = (context, ...rest) =>
        YAMLSeq.prototype.toString.call(node, context && { ...context, flowCollectionPadding: "" }, ...rest);
    },
    Map(_key, node) {
      node.toString = (context, ...rest) =>
        YAMLMap.prototype.toString.call(node, context && { ...context, flowCollectionPadding: " " }, ...rest);
    },
  });
}
