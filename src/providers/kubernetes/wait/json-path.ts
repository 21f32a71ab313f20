import { isRecord } from "../../../platform/json.ts";

const step = /\.([^.[\]]+)|\[(\d+)\]|\['([^']+)'\]|\[\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\)\]/gy;

/**
 * Evaluates a JSONPath in kubectl's syntax: `{.status.phase}`, `{.spec.list[0]}`, `{.status.conditions[?(@.type=="Ready")].status}`.
 *
 * @throws TypeError for an invalid path
 */
export function jsonPath(value: unknown, expression: string): readonly unknown[] {
  const inner = expression.replace(/^\{/, "").replace(/\}$/, "").replace(/^\$/, "");
  const path = inner.startsWith(".") || inner.startsWith("[") ? inner : `.${inner}`;
  const steps = [...path.matchAll(step)];
  if (steps.map(([whole]) => whole).join("") !== path)
    throw new TypeError(`"${expression}" is not a supported JSONPath`);
  let found: readonly unknown[] = [value];
  for (const [, key, index, quoted, field, wanted] of steps) {
    found = found.flatMap((parent) => {
      if (field !== undefined) return listOf(parent).filter((item) => isRecord(item) && item[field] === wanted);
      if (index !== undefined) return listOf(parent).slice(Number(index), Number(index) + 1);
      const child = isRecord(parent) ? parent[key ?? quoted ?? ""] : undefined;
      return child === undefined ? [] : [child];
    });
  }
  return found;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
