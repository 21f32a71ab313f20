/** Maximum nesting depth of JSON that comes from outside: `[]` has depth 1, `"x"` has depth 0. */
export const maxJsonDepth = 64;

/**
 * Whether lists and objects are nested at most `limit` deep. Iterative: it reads any depth.
 * @example isShallow([[1]], 1) // false
 */
export function isShallow(value: unknown, limit = maxJsonDepth): boolean {
  let level: object[] = isNested(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return false;
    level = level.flatMap((parent) => Object.values(parent).filter(isNested));
  }
  return true;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Replaces a stored value that is nested too deeply: one bad row must not break a list. */
export function shallowOrNote<Value>(value: Value, limit = maxJsonDepth): Value | string {
  return isShallow(value, limit) ? value : `[swarmstack] not shown: nested over ${limit} deep`;
}
