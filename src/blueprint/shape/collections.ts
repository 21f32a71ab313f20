import { numberProblem } from "../../platform/exact-number.ts";
import type { Report } from "../diagnostics/diagnostic.ts";
import { cut } from "../source/describe.ts";
import { type Node, type Path, toPlain } from "../source/tree.ts";
import { readEntry, wrongType } from "./object.ts";
import { type Invalid, invalid, type JsonSchema, type Shape } from "./shape.ts";

interface ListOptions {
  readonly max?: number;
  /** Refuses an empty list; its name in the message. */
  readonly filled?: string;
  /** Refuses duplicates. */
  readonly unique?: boolean;
}

/** A list; an invalid item does not affect the others. */
export function list<T>(item: Shape<T>, options: ListOptions = {}): Shape<readonly (T | Invalid)[]> {
  const { max = Number.POSITIVE_INFINITY, filled } = options;
  return {
    expects: "a list",
    inner: { kind: "list", item },
    json: () => ({
      type: "array",
      items: item.json(),
      ...(filled === undefined ? {} : { minItems: 1 }),
      ...(options.unique === true ? { uniqueItems: true } : {}),
      ...(max === Number.POSITIVE_INFINITY ? {} : { maxItems: max }),
    }),
    read(node, path, report) {
      if (node.kind !== "list") return wrongType(node, path, "a list", report, listFix(node));
      if (filled !== undefined && node.items.length === 0) {
        report("SW216", { span: node.span, path }, { what: filled });
        return invalid;
      }
      const beyond = node.items[max];
      if (beyond !== undefined) {
        report(
          "SW217",
          { span: { start: beyond.span.start, end: beyond.span.start + 1 }, path: [...path, max] },
          { count: node.items.length, limit: max },
        );
        return invalid;
      }
      const values = node.items.map((value, index) => item.read(value, [...path, index], report));
      if (options.unique !== true) return values;
      return values.map((value, index) => {
        const first = values.indexOf(value);
        if (typeof value !== "string" || first === index) return value;
        const location = { span: node.items[index]?.span ?? node.span, path: [...path, index] };
        report("SW219", location, { value, first: `entry ${first + 1}` }, { fix: "remove one of the two" });
        return invalid;
      });
    },
  };
}

function listFix(node: Node): string | undefined {
  return node.kind === "scalar" && typeof node.value === "string" ? `write [${node.source}]` : undefined;
}

interface MapOptions {
  readonly name?: Shape<string>;
}

/** A map with user-defined keys. */
export function mapOf<T>(value: Shape<T>, options: MapOptions = {}): Shape<Readonly<Record<string, T | Invalid>>> {
  return {
    expects: "a map",
    inner: { kind: "map", value },
    json: () => ({
      type: "object",
      additionalProperties: value.json(),
      ...(options.name === undefined ? {} : { propertyNames: options.name.json() }),
    }),
    read(node, path, report) {
      if (node.kind !== "map") return wrongType(node, path, "a map", report);
      const entries: [string, T | Invalid][] = [];
      for (const [key, entry] of node.entries) {
        const inner = [...path, key];
        const named: Node = { kind: "scalar", value: key, source: key, span: entry.keySpan, weight: 1 };
        if (options.name !== undefined && options.name.read(named, inner, report) === invalid) continue;
        entries.push([key, readEntry(entry, inner, value, report)]);
      }
      return Object.fromEntries(entries);
    },
  };
}

/** Any map, as plain JSON. Numbers that JSON would change are refused. */
export function anyMap(): Shape<Readonly<Record<string, unknown>>> {
  return {
    expects: "a map",
    json: (): JsonSchema => ({ type: "object" }),
    read(node, path, report) {
      if (node.kind !== "map") return wrongType(node, path, "a map", report);
      return reportInexact(node, path, report, new Set())
        ? invalid
        : Object.fromEntries([...node.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
    },
  };
}

/** Reports the numbers that would arrive changed. Returns whether there are any. */
function reportInexact(node: Node, path: Path, report: Report, seen: Set<Node>): boolean {
  if (node.kind === "broken" || seen.has(node)) return false;
  seen.add(node);
  if (node.kind === "list") {
    return node.items.map((item, index) => reportInexact(item, [...path, index], report, seen)).includes(true);
  }
  if (node.kind === "map") {
    return [...node.entries]
      .map(([key, { value }]) => reportInexact(value, [...path, key], report, seen))
      .includes(true);
  }
  const why = typeof node.value === "number" ? numberProblem(node.source, node.value) : undefined;
  if (why === undefined) return false;
  const value = cut(node.source);
  report("SW220", { span: node.span, path }, { value, why }, { suggestion: `"${node.source}"`, fix: "quote it" });
  return true;
}
