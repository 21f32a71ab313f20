/** One changed property of a resource. A secret is shown as `[secret]` without its change; a value known only after the update as `[unknown]`. */
export interface PropertyChange {
  readonly path: string;
  readonly old: unknown;
  readonly new: unknown;
}

/** The engine's marker of a value that is known only after the update. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secretSignature = "4dabf18193072939515e22adb298388d";

/** Differing leaf values of two input bags, including those in nested maps and lists. */
export function changedProperties(old: unknown, next: unknown, path = ""): PropertyChange[] {
  if (isBag(old) && isBag(next) && !(secretSignature in old) && !(secretSignature in next)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((key) => !key.startsWith("__"));
    return keys.flatMap((key) => changedProperties(member(old, key), member(next, key), join(old, path, key)));
  }
  const [shownOld, shownNew] = [show(old), show(next)];
  return JSON.stringify(shownOld) === JSON.stringify(shownNew) ? [] : [{ path, old: shownOld, new: shownNew }];
}

type Bag = Record<string, unknown> | unknown[];

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null;
}

function member(bag: Bag, key: string): unknown {
  return Array.isArray(bag) ? bag[Number(key)] : bag[key];
}

function join(bag: Bag, path: string, key: string): string {
  if (Array.isArray(bag)) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function show(value: unknown): unknown {
  if (value === undefined) return null;
  if (value === unknown) return "[unknown]";
  if (!isBag(value)) return value;
  if (secretSignature in value) return "[secret]";
  if (Array.isArray(value)) return value.map(show);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(item)]));
}
