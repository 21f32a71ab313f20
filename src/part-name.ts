import { maxNameLength, shortHash } from "./names.ts";

/**
 * Names a part of a cluster or agent. Two dashes separate it from the owner's name; agent names contain single dashes only, so
 * the name of a part never equals that of an agent's resource.
 *
 * @example partName("marketing", "egress") // "marketing--egress"
 */
export function partName(owner: string, part: string, maxLength = maxNameLength): string {
  return shorten(`${owner}--${part}`, maxLength);
}

/** Truncates a name that is over `maxLength` and appends a hash of the full name. */
export function shorten(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const hash = shortHash(name);
  return `${name.slice(0, maxLength - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
