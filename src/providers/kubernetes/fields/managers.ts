import { randomBytes } from "node:crypto";
import { isRecord, recordAt, recordsAt, textAt } from "../../../platform/json.ts";
import type { KubeObject } from "../object.ts";

/** Field manager of creates (operation `Update`); later applies use a manager for each object. */
export const createManager = "pulumi-kubernetes";

export function newManager(): string {
  return `${createManager}-${randomBytes(4).toString("hex")}`;
}

type Entry = Record<string, unknown>;

export const managedFieldsOf = (object: KubeObject): readonly Entry[] => recordsAt(object, "metadata", "managedFields");

/** The manager with which this provider last applied an object. */
export function formerManager(object: KubeObject): string | undefined {
  return managedFieldsOf(object)
    .map((entry) => textAt(entry, "manager") ?? "")
    .find((manager) => /^pulumi-kubernetes-[0-9a-f]{8}$/.test(manager));
}

/**
 * `managedFields` in which created and manually edited fields belong to the applying manager; undefined when nothing
 * changes. Without it a field that the program has removed would stay on the object, and an edit by kubectl would
 * conflict.
 *
 * Other controllers keep their fields, and so do managers that wrote through a subresource (`kubectl scale`, a status).
 */
export function takeOver(entries: readonly Entry[], manager: string): readonly Entry[] | undefined {
  const moving = entries.filter(isTakenOver);
  if (moving.length === 0) return undefined;
  const applied = entries.find((entry) => isApplied(entry, manager));
  const [first] = moving;
  const base = applied ?? { ...first, manager, operation: "Apply" };
  const fieldsV1 = [base, ...moving].map((entry) => recordAt(entry, "fieldsV1")).reduce(union);
  return [...entries.filter((entry) => !isTakenOver(entry) && !isApplied(entry, manager)), { ...base, fieldsV1 }];
}

/** Whether an entry belongs to neither our manager nor one that we take over. */
export function isForeign(entry: Entry, manager: string): boolean {
  return !isTakenOver(entry) && !isApplied(entry, manager);
}

function isApplied(entry: Entry, manager: string): boolean {
  return entry.manager === manager && entry.operation === "Apply" && !hasSubresource(entry);
}

function isTakenOver(entry: Entry): boolean {
  const manager = textAt(entry, "manager") ?? "";
  return isTakenOverManager(manager) && entry.operation === "Update" && !hasSubresource(entry);
}

/** Whether we take over the fields of a manager: our creates, and manual edits. */
export function isTakenOverManager(manager: string): boolean {
  return manager === createManager || manager.startsWith("kubectl-");
}

function hasSubresource(entry: Entry): boolean {
  return typeof entry.subresource === "string" && entry.subresource !== "";
}

function union(one: Entry, other: Entry): Entry {
  const merged: Entry = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const present = merged[key];
    merged[key] = isRecord(present) && isRecord(value) ? union(present, value) : (present ?? value);
  }
  return merged;
}
