import type { Report } from "../diagnostics/diagnostic.ts";
import type { Node, Path } from "../source/tree.ts";

/** Marks a value that is invalid and already reported, so that rules skip it. */
export const invalid: unique symbol = Symbol("invalid");
export type Invalid = typeof invalid;

/** The part of JSON Schema (draft 2020-12) in use. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Parses one kind of value, reports its problems, and describes itself for editors and `explain`. */
export interface Shape<out T> {
  /** The expected value, for messages: `a duration such as "30 seconds"`. */
  readonly expects: string;
  readonly json: () => JsonSchema;
  readonly read: (node: Node, path: Path, report: Report) => T | Invalid;
  readonly inner?: Inner;
}

/** The inner structure of a shape. */
export type Inner =
  | { readonly kind: "object"; readonly fields: Fields; readonly free?: string }
  | { readonly kind: "list"; readonly item: Shape<unknown> }
  | { readonly kind: "map"; readonly value: Shape<unknown> }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "either"; readonly shapes: readonly Shape<unknown>[] };

/** A key of an object. */
export interface Field<out T, out Required extends boolean> {
  readonly shape: Shape<T>;
  readonly required: Required;
  readonly doc: string;
  /** The default, in the notation of the file. */
  readonly preset?: string | undefined;
}

export type Fields = Readonly<Record<string, Field<unknown, boolean>>>;

export function required<T>(shape: Shape<T>, doc: string): Field<T, true> {
  return { shape, required: true, doc };
}

export function optional<T>(shape: Shape<T>, doc: string, preset?: string): Field<T, false> {
  return { shape, required: false, doc, preset };
}

/** Result of parsing: a value, `invalid`, or undefined for a missing optional key. */
export type Draft<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T, infer R>
    ? R extends true
      ? T | Invalid
      : T | Invalid | undefined
    : never;
};

/** Whether a value is present and valid. */
export function known<T>(value: T | Invalid | undefined): value is T {
  return value !== invalid && value !== undefined;
}
