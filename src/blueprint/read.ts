import { type Invalid, invalid } from "./shape/shape.ts";

/**
 * The value of a draft without errors. An invalid value is a programming error: a draft with errors is never
 * assembled.
 */
export function read<T>(value: T | Invalid): T {
  if (isInvalid(value)) throw new Error("a blueprint with errors was assembled");
  return value;
}

export function readAll<T>(values: readonly (T | Invalid)[]): readonly T[] {
  return values.map((value) => read(value));
}

function isInvalid(value: unknown): value is Invalid {
  return value === invalid;
}
