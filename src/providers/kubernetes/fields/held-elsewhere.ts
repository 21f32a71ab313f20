import { isRecord, recordAt } from "../../../platform/json.ts";
import type { PathStep } from "../../base/property-path.ts";
import type { KubeObject } from "../object.ts";
import { isForeign, managedFieldsOf } from "./managers.ts";

/**
 * Whether another field manager owns the field at a path, or a parent as a whole. Paths are those of
 * the live object; lists are matched by their keys (`k:{"name":"app"}`) or values, as `managedFields` writes them.
 */
export function isHeldElsewhere(live: KubeObject, path: readonly PathStep[], manager: string): boolean {
  return managedFieldsOf(live)
    .filter((entry) => isForeign(entry, manager))
    .some((entry) => holds(recordAt(entry, "fieldsV1"), live, path));
}

function holds(fields: Record<string, unknown>, value: unknown, path: readonly PathStep[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  const child =
    Array.isArray(value) && typeof step === "number" ? value[step] : isRecord(value) ? value[step] : undefined;
  const key = typeof step === "number" ? itemKey(fields, child) : `f:${step}`;
  const below = key === undefined ? undefined : fields[key];
  if (!isRecord(below)) return false;
  // An empty set covers everything below.
  return Object.keys(below).length === 0 ? true : holds(below, child, rest);
}

function itemKey(fields: Record<string, unknown>, item: unknown): string | undefined {
  return Object.keys(fields).find((key) => {
    if (key.startsWith("v:")) return key.slice(2) === JSON.stringify(item);
    if (!key.startsWith("k:") || !isRecord(item)) return false;
    const wanted: unknown = JSON.parse(key.slice(2));
    return isRecord(wanted) && Object.entries(wanted).every(([name, value]) => item[name] === value);
  });
}
