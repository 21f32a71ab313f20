/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Reads back a column that we wrote; null stays null. */
export function fromColumn(text: string | null): Json {
  return text === null ? null : (JSON.parse(text) as Json);
}

/** A value as the text of a column; undefined is no value. */
export function toColumn(value: Json | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** A value as JSON has it: members that are undefined are left out. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
