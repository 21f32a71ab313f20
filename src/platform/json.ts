/** A place in a JSON value: object keys and list indexes from the root. */
export type JsonPath = readonly (string | number)[];

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a place; undefined where there is none. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((parent, step) => {
    if (Array.isArray(parent)) return typeof step === "number" ? parent[step] : undefined;
    return isRecord(parent) ? parent[step] : undefined;
  }, value);
}

export function textAt(value: unknown, ...path: JsonPath): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: unknown, ...path: JsonPath): number | undefined {
  const found = valueAt(value, path);
  return typeof found === "number" ? found : undefined;
}

export function recordAt(value: unknown, ...path: JsonPath): Record<string, unknown> {
  const found = valueAt(value, path);
  return isRecord(found) ? found : {};
}

/** The objects of a list; other elements are omitted. */
export function recordsAt(value: unknown, ...path: JsonPath): readonly Record<string, unknown>[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}
