import { isRecord } from "../../../platform/json.ts";
import { member } from "../../base/diff.ts";
import type { Properties } from "../../base/values.ts";
import type { Normal } from "./normal.ts";

/**
 * Live values of the fields that the old inputs set, and no others. A value that the server only rewrites or omits stays as
 * the program wrote it.
 */
export function recordedInputs(live: Properties, oldInputs: Properties, normal: Normal): Properties {
  const found = recorded(live, oldInputs, "", normal);
  return isRecord(found) ? found : {};
}

function recorded(live: unknown, old: unknown, path: string, normal: Normal): unknown {
  if (live === undefined || live === null) return normal.leavesOut(old, path) ? old : undefined;
  if (isRecord(live) && isRecord(old)) {
    return Object.fromEntries(
      Object.entries(old)
        .map(([key, value]) => [key, recorded(live[key], value, member(path, key), normal)] as const)
        .filter(([, value]) => value !== undefined),
    );
  }
  if (Array.isArray(live) && Array.isArray(old)) {
    // Further items were added by another manager, as sidecars are.
    return live.slice(0, old.length).map((item, index) => recorded(item, old[index], `${path}[${index}]`, normal));
  }
  return normal.same(live, old, path) ? old : live;
}
