import { parse } from "yaml";
import { didYouMean } from "../../platform/did-you-mean.ts";
import type { Hint } from "../diagnostics/diagnostic.ts";
import type { Notation } from "../notation/notation.ts";
import { cut } from "../source/describe.ts";
import type { Node, Path, Scalar, ScalarNode } from "../source/tree.ts";
import { wrongType } from "./object.ts";
import { invalid, type JsonSchema, type Shape } from "./shape.ts";

interface TextOptions {
  /** Name in messages: "an agent's name". */
  readonly what?: string;
  readonly pattern?: RegExp;
  readonly maxLength?: number;
  /** Derives a valid suggestion from the text. */
  readonly near?: (text: string) => string;
  /** Applied to a valid text. */
  readonly normal?: (text: string) => string;
}

/** Control characters other than tabs and line breaks: no name, path or query has them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Non-empty text. */
export function text(options: TextOptions = {}): Shape<string> {
  const { what = "text", pattern, maxLength = Number.POSITIVE_INFINITY } = options;
  return {
    expects: what,
    json: () => ({
      type: "string",
      minLength: 1,
      ...(pattern === undefined ? {} : { pattern: pattern.source }),
      ...(maxLength === Number.POSITIVE_INFINITY ? {} : { maxLength }),
    }),
    read(node, path, report) {
      if (!isText(node)) return wrongType(node, path, what, report, quoteFix(node));
      const { value, span } = node;
      if (value.trim() === "") {
        report("SW216", { span, path }, { what: "the text" }, { fix: `write ${what}` });
        return invalid;
      }
      const control = controls.exec(value);
      if (control !== null) {
        const character = `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
        report("SW221", { span, path }, { why: `it contains the control character ${character}` });
        return invalid;
      }
      const normal = options.normal?.(value) ?? value;
      if (normal.length <= maxLength && (pattern === undefined || pattern.test(normal))) return normal;
      const near = options.near?.(value);
      const suggestion =
        near !== undefined && near !== "" && pattern?.test(near) && near.length <= maxLength ? near : undefined;
      report("SW206", { span, path }, { value: cut(value), expected: what }, { suggestion });
      return invalid;
    },
  };
}

/**
 * The text of any scalar: `8080`, `true` and `1.10` keep their spelling.
 * @param problem why a text is refused; undefined accepts it
 */
export function verbatim(problem: (text: string, path: Path) => string | undefined = () => undefined): Shape<string> {
  return {
    expects: "text",
    json: () => ({ type: ["string", "number", "boolean"] }),
    read(node, path, report) {
      if (node.kind !== "scalar" || node.value === null) return wrongType(node, path, "text", report);
      const text = writtenText(node);
      const why = problem(text, path);
      if (why === undefined) return text;
      report("SW221", { span: node.span, path }, { why });
      return invalid;
    },
  };
}

/** One of a fixed list of words. */
export function choice<const T extends string>(values: readonly T[]): Shape<T> {
  return {
    expects: values.join(" | "),
    inner: { kind: "choice", values },
    json: () => ({ enum: values }),
    read(node, path, report) {
      if (node.kind !== "scalar") return wrongType(node, path, `one of ${values.join(", ")}`, report);
      const found = values.find((value) => value === node.value);
      if (found !== undefined) return found;
      const written = String(node.value ?? node.source);
      const suggestion = didYouMean(written, values);
      report("SW204", { span: node.span, path }, { value: cut(written), allowed: values }, { suggestion });
      return invalid;
    },
  };
}

interface NumberOptions {
  readonly min?: number;
  readonly max?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
  readonly integer?: boolean;
  readonly expected: string;
}

/** A number within bounds. */
export function number(options: NumberOptions): Shape<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = options;
  return {
    expects: options.expected,
    json: () => ({
      type: options.integer === true ? "integer" : "number",
      ...(Number.isFinite(min) ? { minimum: min } : {}),
      ...(Number.isFinite(max) ? { maximum: max } : {}),
      ...(Number.isFinite(above) ? { exclusiveMinimum: above } : {}),
    }),
    read(node, path, report) {
      if (node.kind !== "scalar" || typeof node.value !== "number") {
        return wrongType(node, path, options.expected, report, unquoteFix(node));
      }
      const { value, span } = node;
      const whole = options.integer !== true || Number.isSafeInteger(value);
      if (Number.isFinite(value) && whole && value >= min && value <= max && value > above) return value;
      report("SW205", { span, path }, { value, expected: options.expected });
      return invalid;
    },
  };
}

export function flag(): Shape<boolean> {
  return {
    expects: "true | false",
    json: () => ({ type: "boolean" }),
    read(node, path, report) {
      if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
      const meant = node.kind === "scalar" ? truth.get(String(node.value).toLowerCase()) : undefined;
      if (meant === undefined || node.kind !== "scalar") return wrongType(node, path, "true or false", report);
      const values = { value: cut(String(node.value)), allowed: ["true", "false"] };
      report("SW204", { span: node.span, path }, values, { suggestion: meant });
      return invalid;
    },
  };
}

/** Variants of true and false from YAML 1.1 and typing errors. */
const truth = new Map([
  ...["yes", "on", "y", "true", "ture", "treu", "tru", "1", "enabled"].map((word) => [word, "true"] as const),
  ...["no", "off", "n", "false", "flase", "fasle", "fals", "0", "disabled"].map((word) => [word, "false"] as const),
]);

interface NotationOptions<T> {
  readonly code: "SW207" | "SW208" | "SW209" | "SW210" | "SW211" | "SW212" | "SW213" | "SW214" | "SW222";
  readonly expects: string;
  readonly parse: (value: Exclude<Scalar, null>) => Notation<T>;
  readonly json: JsonSchema;
  /** Parses a number as it is written: the image 1.10 is not 1.1. */
  readonly asWritten?: boolean;
}

/** A scalar with its own notation. */
export function notation<T>(options: NotationOptions<T>): Shape<T> {
  return {
    expects: options.expects,
    json: () => options.json,
    read(node, path, report) {
      if (node.kind !== "scalar" || node.value === null || typeof node.value === "boolean") {
        return wrongType(node, path, options.expects, report);
      }
      const parsed = options.parse(options.asWritten === true ? writtenText(node) : node.value);
      if (parsed.ok) return parsed.value;
      const { suggestion } = parsed;
      const valid = suggestion !== undefined && options.parse(scalarOf(suggestion)).ok;
      const hint: Hint = { suggestion: valid ? suggestion : undefined, fix: parsed.fix };
      report(options.code, { span: node.span, path }, { value: cut(node.source), why: parsed.why }, hint);
      return invalid;
    },
  };
}

/** The value of a suggestion, which is written as YAML. */
function scalarOf(suggestion: string): Exclude<Scalar, null> {
  const value: unknown = parse(suggestion);
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

function writtenText(node: ScalarNode): string {
  return typeof node.value === "string" ? node.value : node.source;
}

function isText(node: Node): node is ScalarNode & { readonly value: string } {
  return node.kind === "scalar" && typeof node.value === "string";
}

function quoteFix(node: Node): string | undefined {
  return node.kind === "scalar" && node.value !== null ? `put it in quotes: "${node.source}"` : undefined;
}

function unquoteFix(node: Node): string | undefined {
  const numeric =
    node.kind === "scalar" &&
    typeof node.value === "string" &&
    node.value.trim() !== "" &&
    Number.isFinite(Number(node.value));
  return numeric ? `write it without quotes: ${String(node.value).trim()}` : undefined;
}
