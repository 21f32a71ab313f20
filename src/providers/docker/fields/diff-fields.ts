import { changedPaths } from "../../base/diff.ts";
import { isAtOrBelow, parsePath } from "../../base/property-path.ts";
import type { ChangeKind, DiffResult } from "../../base/resource.ts";
import type { Properties } from "../../base/values.ts";
import { canonical } from "./canonical.ts";
import type { FieldRule } from "./field.ts";

export interface Compared {
  /** Recorded outputs, as of the last refresh. */
  readonly olds: Properties;
  readonly oldInputs: Properties;
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
}

/** Compares the recorded resource with the new inputs; changes by property path. */
export function diffFields(
  fields: Readonly<Record<string, FieldRule>>,
  { olds, oldInputs, news, ignoreChanges }: Compared,
): DiffResult {
  const changes: Record<string, ChangeKind> = {};
  for (const [name, field] of Object.entries(fields)) {
    const next = news[name] ?? field.standard;
    // A value chosen by the daemon stays; one that the program has removed does not.
    if (canonical(next) === undefined && field.computed && canonical(oldInputs[name]) === undefined) continue;
    for (const [path, kind] of Object.entries(changesOf(name, field, olds[name] ?? field.standard, next))) {
      if (isIgnored(path, ignoreChanges)) continue;
      changes[path] = field.change === "replace" ? `${kind}-replace` : kind;
    }
  }
  const replaces = Object.values(changes).some((kind) => kind.endsWith("-replace"));
  // Two objects cannot have the same name at a time.
  return { changes, deleteBeforeReplace: replaces && news.name === olds.name };
}

type PlainKind = "add" | "delete" | "update";

function changesOf(name: string, { set }: FieldRule, old: unknown, next: unknown): Record<string, PlainKind> {
  if (set && (Array.isArray(old) || Array.isArray(next))) {
    return changedItems(name, Array.isArray(old) ? old : [], Array.isArray(next) ? next : []);
  }
  if (textOf(old) === textOf(next)) return {};
  if (isPlain(old) && isPlain(next)) return { [name]: "update" };
  return changedPaths({ [name]: canonical(old) }, { [name]: canonical(next) }) as Record<string, PlainKind>;
}

function isPlain(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== "object";
}

/** Items in only one of two sets; an added item that replaces a removed one counts as one change. */
function changedItems(name: string, olds: readonly unknown[], news: readonly unknown[]): Record<string, PlainKind> {
  const changes: Record<string, PlainKind> = {};
  for (const index of missingIn(news, olds)) changes[`${name}[${index}]`] = "add";
  for (const index of missingIn(olds, news)) {
    const path = `${name}[${index}]`;
    changes[path] = path in changes ? "update" : "delete";
  }
  return changes;
}

/** Indexes of the items that another set lacks. */
function missingIn(items: readonly unknown[], other: readonly unknown[]): readonly number[] {
  const there = new Set(other.map(textOf));
  return items.flatMap((item, index) => (there.has(textOf(item)) ? [] : [index]));
}

const textOf = (item: unknown): string => JSON.stringify(canonical(item) ?? null);

function isIgnored(path: string, ignoreChanges: readonly string[]): boolean {
  const steps = parsePath(path);
  return ignoreChanges.some(
    (ignored) => isAtOrBelow(steps, parsePath(ignored)) || isAtOrBelow(parsePath(ignored), steps),
  );
}
