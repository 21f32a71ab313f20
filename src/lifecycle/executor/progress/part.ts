import type { ResourceRef } from "../../../stacks/events.ts";

/** What progress has a row for: the agents of a role's entry, or a pool of nodes. */
export interface Part {
  /** Key of the agent, or name of the pool. */
  readonly key: string;
  /** "worker Content Creator", "pool h100". */
  readonly title: string;
  /** Beginning of the names of its resources. */
  readonly resource: string;
}

/** Which part a resource belongs to: the one with the longest name that its own begins with. */
export function partOf({ name }: ResourceRef, parts: readonly Part[]): Part | undefined {
  const own = parts.filter(({ resource }) => name === resource || name.startsWith(`${resource}-`));
  return own.reduce<Part | undefined>(
    (best, part) => (best === undefined || part.resource.length > best.resource.length ? part : best),
    undefined,
  );
}
