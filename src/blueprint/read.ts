import { type Invalid, invalid } from "./shape/shape.ts";

/** The value of a draft that has no errors. An invalid one is a bug: it has been reported, and so nothing is assembled. */
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
