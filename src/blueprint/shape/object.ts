import { didYouMean } from "../../platform/did-you-mean.ts";
import type { Report } from "../diagnostics/diagnostic.ts";
import { cut, describeNode } from "../source/describe.ts";
import { formatPath, headOf, type MapNode, type Node, type Path, type Span } from "../source/tree.ts";
import { type Draft, type Fields, type Invalid, invalid, type JsonSchema, type Shape } from "./shape.ts";

interface ObjectOptions {
  /** Name in messages: "the cluster". */
  readonly name?: string;
  /** Keys with this prefix are ignored. */
  readonly free?: string;
}

/** A map of known keys. An invalid value does not affect the others. */
export function object<F extends Fields>(fields: F, options: ObjectOptions = {}): Shape<Draft<F>> {
  const names = Object.keys(fields);
  return {
    expects: "a map",
    inner: { kind: "object", fields, ...(options.free === undefined ? {} : { free: options.free }) },
    json: () => objectSchema(fields, options),
    read(node, path, report) {
      if (node.kind !== "map") return wrongType(node, path, "a map", report);
      const where = options.name ?? (path.length === 0 ? "the blueprint" : formatPath(path));
      const spoiled = reportUnknownKeys(node, path, names, where, options.free, report);
      const values: Record<string, unknown> = {};
      for (const name of names) {
        const field = fields[name];
        const entry = node.entries.get(name);
        if (field === undefined) continue;
        if (entry !== undefined) values[name] = readEntry(entry, [...path, name], field.shape, report);
        else if (spoiled.has(name)) values[name] = invalid;
        else if (field.required) {
          report(
            "SW202",
            { span: headOf(node), path: [...path, name] },
            { key: name, where },
            { fix: `add ${name}: ${field.shape.expects}` },
          );
          values[name] = invalid;
        }
      }
      // The loop above has set each key of F by the shape of its field, which the type system cannot express.
      return values as Draft<F>;
    },
  };
}

/** Maximum number of suggestions for one map. */
const mostSuggestions = 50;

/** Reports unknown keys, and returns the names of the suggested fields. */
function reportUnknownKeys(
  node: MapNode,
  path: Path,
  names: readonly string[],
  where: string,
  free: string | undefined,
  report: Report,
): ReadonlySet<string> {
  const spoiled = new Set<string>();
  let unknown = 0;
  const unused = names.filter((name) => !node.entries.has(name));
  for (const [key, entry] of node.entries) {
    if (names.includes(key) || (free !== undefined && key.startsWith(free))) continue;
    unknown += 1;
    const meant = unknown > mostSuggestions ? undefined : (didYouMean(key, unused) ?? didYouMean(key, names));
    if (meant !== undefined) spoiled.add(meant);
    const isUsed = meant !== undefined && node.entries.has(meant);
    const fix = isUsed
      ? `remove it: ${meant} is set`
      : meant === undefined
        ? `keys here: ${names.join(", ")}`
        : undefined;
    const suggestion = isUsed ? undefined : meant;
    report("SW201", { span: entry.keySpan, path: [...path, key] }, { key: cut(key), where }, { suggestion, fix });
  }
  return spoiled;
}

/** Parses the value of a key, which must not be empty. */
export function readEntry<T>(
  entry: { keySpan: Span; value: Node },
  path: Path,
  shape: Shape<T>,
  report: Report,
): T | Invalid {
  const { value, keySpan } = entry;
  if (value.kind === "scalar" && value.value === null) {
    const key = String(path.at(-1));
    // Two keys on one line: the message marks the key without a value.
    const span = value.source === "" ? keySpan : value.span;
    report("SW218", { span, path }, { key }, { fix: `write ${shape.expects}, or remove the key` });
    return invalid;
  }
  return shape.read(value, path, report);
}

export function wrongType(node: Node, path: Path, expected: string, report: Report, fix?: string): Invalid {
  if (node.kind === "broken") return invalid;
  const span = node.kind === "map" ? headOf(node) : node.span;
  report("SW203", { span, path }, { expected, found: describeNode(node) }, { fix });
  return invalid;
}

function objectSchema(fields: Fields, options: ObjectOptions): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, field] of Object.entries(fields)) {
    const description = field.preset === undefined ? field.doc : `${field.doc} Default: ${field.preset}.`;
    properties[name] = { description, ...field.shape.json() };
  }
  const requiredNames = Object.keys(fields).filter((name) => fields[name]?.required);
  return {
    type: "object",
    properties,
    ...(requiredNames.length === 0 ? {} : { required: requiredNames }),
    ...(options.free === undefined ? {} : { patternProperties: { [`^${options.free}`]: true } }),
    additionalProperties: false,
  };
}
