import { isRecord } from "../../base/values.ts";

/** A value without the members that are null, at any depth: for the API server they are not there. */
export function withoutNulls<Value>(value: Value): Value {
  return strip(value) as Value;
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, strip(item)]])),
  );
}
