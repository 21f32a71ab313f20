import { isRecord } from "../../../platform/json.ts";

/**
 * Normalises a value for comparison: an empty member equals a missing one, for the daemon and for the official provider, which writes
 * them out (`readOnly: false`, `interval: "0s"`) and keeps bookkeeping in the state (`__defaults`).
 *
 * @returns undefined for an empty value
 */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => canonical(item) ?? null);
  if (isRecord(value)) {
    const members = Object.entries(value)
      .filter(([key]) => key !== "__defaults")
      .map(([key, member]) => [key, canonical(member)] as const)
      .filter(([, member]) => member !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    return members.length === 0 ? undefined : Object.fromEntries(members);
  }
  const isEmpty = value === undefined || value === null || value === false || value === "" || value === 0;
  return isEmpty || value === "0s" ? undefined : value;
}
