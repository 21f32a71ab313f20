import type { Report } from "../diagnostics/diagnostic.ts";
import type { Node, Path } from "../source/tree.ts";

/** Stands where a value was read and found wrong: reported already, so that no rule builds on it. */
export const invalid: unique symbol = Symbol("invalid");
export type Invalid = typeof invalid;

/** The part of JSON Schema (draft 2020-12) that the format needs. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Reads one kind of value, reports what is wrong with it, and describes itself for editors and `explain`. */
export interface Shape<out T> {
  /** What is expected, in words: `a duration such as "30 seconds"`. */
  readonly expects: string;
  readonly json: () => JsonSchema;
  readonly read: (node: Node, path: Path, report: Report) => T | Invalid;
  readonly inner?: Inner;
}

/** What is inside a shape. */
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
  /** The default, as it would be written. */
  readonly preset?: string | undefined;
}

export type Fields = Readonly<Record<string, Field<unknown, boolean>>>;

export function required<T>(shape: Shape<T>, doc: string): Field<T, true> {
  return { shape, required: true, doc };
}

export function optional<T>(shape: Shape<T>, doc: string, preset?: string): Field<T, false> {
  return { shape, required: false, doc, preset };
}

/** What reading gives: a value, `invalid`, or undefined where an optional key is not there. */
export type Draft<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T, infer R>
    ? R extends true
      ? T | Invalid
      : T | Invalid | undefined
    : never;
};

/** True for a value that is there and was read. */
export function known<T>(value: T | Invalid | undefined): value is T {
  return value !== invalid && value !== undefined;
}
