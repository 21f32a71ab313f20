import { maxNameLength, shortHash } from "./names.ts";

/**
 * Name of a part of a cluster or an agent. Two dashes divide it from its owner's name: names of agents have single ones
 * only, so no agent's resource can have the name of a part.
 *
 * @example partName("marketing", "egress") // "marketing--egress"
 */
export function partName(owner: string, part: string, maxLength = maxNameLength): string {
  return shorten(`${owner}--${part}`, maxLength);
}

/** Cuts a name that is too long and closes it by a hash of the whole. */
export function shorten(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const hash = shortHash(name);
  return `${name.slice(0, maxLength - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
