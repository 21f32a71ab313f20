/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Parses a stored column; null stays null. */
export function fromColumn(text: string | null): Json {
  return text === null ? null : (JSON.parse(text) as Json);
}

/** A value as the text of a column; undefined becomes null. */
export function toColumn(value: Json | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** A value as JSON: undefined members are omitted. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
