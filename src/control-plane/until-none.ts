import { textAt } from "../platform/json.ts";
import type { Client } from "./client.ts";
import { follow } from "./follow.ts";
import { listAll } from "./list.ts";
import { watchObjects } from "./watch.ts";

export interface Remaining {
  /** Path of the collection. */
  readonly path: string;
  readonly labelSelector: string;
  /** Whether to wait for an object's end. */
  readonly counts: (object: Record<string, unknown>) => boolean;
  /** Called with the remaining names. */
  readonly tell: (names: readonly string[]) => void;
}

/**
 * Waits until a collection has no object that `counts` selects.
 *
 * @returns the remaining names when the signal is aborted; empty: none remains
 */
export async function untilNone(
  { api }: Client,
  remaining: Remaining,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { path, labelSelector, counts, tell } = remaining;
  let version: string | undefined;
  let left: ReadonlySet<string> = new Set();

  async function ask(): Promise<ReadonlySet<string>> {
    const { items, resourceVersion } = await listAll(api, { path, labelSelector });
    version = resourceVersion;
    left = new Set(items.filter(counts).map(nameOf));
    return left;
  }

  /** Tracks listed objects; the end of the last one is confirmed by the next list. */
  function take({ type, object }: { type: string; object: Record<string, unknown> }): ReadonlySet<string> | undefined {
    if (type !== "DELETED") return left;
    left = new Set([...left].filter((name) => name !== nameOf(object)));
    return left.size === 0 ? undefined : left;
  }

  const watch = () => watchObjects(api, { path, labelSelector, resourceVersion: version, signal });
  let told = "";
  function isNone(names: ReadonlySet<string>): boolean {
    const words = JSON.stringify([...names]);
    if (names.size > 0 && words !== told) tell([...names]);
    told = words;
    return names.size === 0;
  }

  if (isNone(await ask())) return [];
  for await (const names of follow({ watch, take, ask }, signal)) if (isNone(names)) return [];
  return [...left];
}

const nameOf = (object: unknown) => textAt(object, "metadata", "name") ?? "";
