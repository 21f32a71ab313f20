import { isAlias, isMap, isPair, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import { didYouMean } from "../../platform/did-you-mean.ts";
import type { Report } from "../diagnostics/diagnostic.ts";
import { describeNode } from "./describe.ts";
import { limits } from "./limits.ts";
import type { Lines } from "./lines.ts";
import { mergeInto } from "./merge-keys.ts";
import type { Entry, ListNode, MapNode, Node, Path, Scalar, ScalarNode, Span } from "./tree.ts";

/** Converts the library's document to a tree: aliases resolved, merge keys applied, duplicate keys reported. */
export function buildTree(contents: ParsedNode, text: string, lines: Lines, report: Report): Node | undefined {
  return new TreeBuilder(text, lines, report).build(contents);
}

/** Thrown to leave the recursion at a limit; never leaves this file. */
class LimitPassed extends Error {}

class TreeBuilder {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #report: Report;
  /** The anchors so far: an alias refers to an earlier anchor. */
  readonly #anchors = new Map<string, Node>();
  #spent = 0;

  constructor(text: string, lines: Lines, report: Report) {
    this.#text = text;
    this.#lines = lines;
    this.#report = report;
  }

  build(contents: ParsedNode): Node | undefined {
    try {
      return this.#node(contents, []);
    } catch (thrown) {
      if (thrown instanceof LimitPassed) return undefined;
      throw thrown;
    }
  }

  #node(node: unknown, path: Path): Node {
    const span = this.#span(node);
    if (path.length > limits.depth) {
      this.#report("SW113", { span, path }, { limit: limits.depth });
      throw new LimitPassed();
    }
    if (isAlias(node)) return this.#alias(node.source, span, path);
    const built = this.#collectionOrScalar(node, span, path);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, built);
    }
    return built;
  }

  #collectionOrScalar(node: unknown, span: Span, path: Path): Node {
    if (isMap(node)) return this.#map(node, span, path);
    if (isSeq(node)) return this.#list(node, span, path);
    this.#spend(1, span, path);
    if (!isScalar(node)) return { kind: "scalar", value: null, source: "", span, weight: 1 };
    const source = node.source ?? "";
    return { kind: "scalar", value: scalarValue(node.value, source), source, span, weight: 1 };
  }

  #alias(name: string, span: Span, path: Path): Node {
    const target = this.#anchors.get(name);
    if (target !== undefined) {
      this.#spend(target.weight, span, path);
      return target;
    }
    const suggestion = didYouMean(name, this.#anchors.keys());
    this.#report("SW108", { span, path }, { alias: name }, { suggestion: suggestion && `*${suggestion}` });
    return { kind: "broken", span, weight: 1 };
  }

  #list(seq: YAMLSeq, span: Span, path: Path): ListNode {
    this.#spend(1, span, path);
    const items = seq.items.map((item, index) =>
      // `[a: b]` is a list of one-key maps.
      isPair(item)
        ? this.#map({ items: [item] }, this.#span(item.key), [...path, index])
        : this.#node(item, [...path, index]),
    );
    return { kind: "list", items, span, weight: 1 + sumOfWeights(items) };
  }

  #map(map: Pick<YAMLMap, "items">, span: Span, path: Path): MapNode {
    this.#spend(1, span, path);
    const own = new Map<string, Entry>();
    const merges: { readonly value: Node; readonly place: { readonly span: Span; readonly path: Path } }[] = [];
    for (const pair of map.items) {
      const keySpan = this.#span(pair.key);
      const key = this.#key(pair.key, keySpan, path);
      if (key === undefined) continue;
      const inner = [...path, key];
      const value = pair.value === null ? absent(keySpan) : this.#node(pair.value, inner);
      if (key === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") {
        merges.push({ value, place: { span: pair.value === null ? keySpan : this.#span(pair.value), path: inner } });
        continue;
      }
      const first = own.get(key);
      if (first === undefined) own.set(key, { keySpan, value });
      else {
        const firstLine = this.#lines.position(first.keySpan).line;
        this.#report("SW106", { span: keySpan, path: inner }, { key, firstLine }, { fix: "remove one of the two" });
      }
    }
    for (const merge of merges) this.#spend(mergeInto(own, merge.value, merge.place, this.#report), span, path);
    return { kind: "map", entries: own, span, weight: 1 + sumOfWeights([...own.values()].map((entry) => entry.value)) };
  }

  #key(key: unknown, span: Span, path: Path): string | undefined {
    if (isScalar(key)) {
      if (typeof key.value === "string") return key.value;
      if (key.source !== undefined && key.source !== "") return key.source;
    }
    const found = isAlias(key) ? "an alias" : describeNode(this.#node(key, path));
    this.#report("SW111", { span, path }, { found });
    return undefined;
  }

  #spend(weight: number, span: Span, path: Path): void {
    this.#spent += weight;
    if (this.#spent <= limits.values) return;
    this.#report("SW114", { span, path }, { limit: limits.values });
    throw new LimitPassed();
  }

  /** From the first to the last character of the node, without trailing white space and comments. */
  #span(node: unknown): Span {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
    if (range === undefined || range === null) return { start: 0, end: 0 };
    const [start, end] = range;
    const trimmed = this.#text.slice(start, end).trimEnd();
    return { start, end: start + trimmed.length };
  }
}

function sumOfWeights(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.weight, 0);
}

function scalarValue(value: unknown, source: string): Scalar {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    default:
      return value === null ? null : source;
  }
}

/** The missing value after a colon: marked at the key. */
function absent(keySpan: Span): ScalarNode {
  return { kind: "scalar", value: null, source: "", span: keySpan, weight: 1 };
}
