import { isRecord } from "../../platform/json.ts";
import type { ChangeKind } from "./resource.ts";
import type { Properties } from "./values.ts";

type Changes = Record<string, ChangeKind>;

/** Whether two differing values are equivalent at a path. */
type Same = (old: unknown, next: unknown, path: string) => boolean;

/**
 * The paths at which two property bags differ, in the engine's notation (`env.A`, `command[0]`, `labels["a.b"]`). A map
 * or list that is added or removed as a whole is one path.
 */
export function changedPaths(olds: Properties, news: Properties, same: Same = () => false): Changes {
  const changes: Changes = {};
  compare(olds, news, "");
  return changes;

  function compare(old: unknown, next: unknown, path: string): void {
    if (isRecord(old) && isRecord(next)) {
      for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
        compare(old[key], next[key], member(path, key));
      }
    } else if (Array.isArray(old) && Array.isArray(next)) {
      const length = Math.max(old.length, next.length);
      for (let index = 0; index < length; index++) compare(old[index], next[index], `${path}[${index}]`);
    } else if (isAbsent(old) || isAbsent(next)) {
      if (isAbsent(old) !== isAbsent(next)) changes[path] = isAbsent(old) ? "add" : "delete";
    } else if (!Object.is(old, next) && !same(old, next, path)) {
      changes[path] = "update";
    }
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Appends a member to a path. */
export function member(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
