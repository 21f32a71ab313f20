import type { ResourceRef } from "../../../stacks/events.ts";

/** A row of the progress display: an agent or a node pool. */
export interface Part {
  /** Key of the agent or name of the node pool. */
  readonly key: string;
  /** "worker Content Creator", "pool h100". */
  readonly title: string;
  /** Prefix of its resource names. */
  readonly resource: string;
}

/** Returns the part of a resource: that with the longest matching name prefix. */
export function partOf({ name }: ResourceRef, parts: readonly Part[]): Part | undefined {
  const own = parts.filter(({ resource }) => name === resource || name.startsWith(`${resource}-`));
  return own.reduce<Part | undefined>(
    (best, part) => (best === undefined || part.resource.length > best.resource.length ? part : best),
    undefined,
  );
}
