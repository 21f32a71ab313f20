import { isRecord } from "../../../platform/json.ts";
import { member } from "../../base/diff.ts";
import type { Properties } from "../../base/values.ts";
import { holdsQuantity, sameQuantity } from "./quantity.ts";

/**
 * What of a live object the program spoke of: the live values at the places that the old inputs have, and no others.
 *
 * A value that the server only spells in another way (quantities), or leaves out because it is the zero of its type
 * (`hostNetwork: false`, an empty map), stays as the program wrote it.
 */
export function recordedInputs(live: Properties, oldInputs: Properties): Properties {
  const found = recorded(live, oldInputs, "");
  return isRecord(found) ? found : {};
}

function recorded(live: unknown, old: unknown, path: string): unknown {
  if (live === undefined || live === null) return isZero(old) ? old : undefined;
  if (isRecord(live) && isRecord(old)) {
    return Object.fromEntries(
      Object.entries(old)
        .map(([key, value]) => [key, recorded(live[key], value, member(path, key))] as const)
        .filter(([, value]) => value !== undefined),
    );
  }
  if (Array.isArray(live) && Array.isArray(old)) {
    // Items behind the program's own were added by another manager, as sidecars are.
    return live.slice(0, old.length).map((item, index) => recorded(item, old[index], `${path}[${index}]`));
  }
  return holdsQuantity(path) && sameQuantity(live, old) ? old : live;
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.values(value).every(isZero);
  return value === undefined || value === null || value === "" || value === false || value === 0;
}
