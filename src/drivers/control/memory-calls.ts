import {
  type MemoryPageView,
  type MemoryValueView,
  memoryDeletedSchema,
  memoryPageSchema,
  memoryValueSchema,
} from "../../agent-api/control/memory-wire.ts";
import type { Control } from "./control.ts";

export interface MemoryFilter {
  /** Only keys that begin with it. */
  readonly prefix?: string | undefined;
  /** `next` of the previous page. */
  readonly after?: string | undefined;
  /** Default 200, at most 1,000. */
  readonly limit?: number | undefined;
}

/**
 * A page of the keys of the shared memory, without values, sorted by key.
 * @throws SwarmError SW704 when the server does not answer.
 */
export async function listMemory(
  control: Control,
  filter: MemoryFilter = {},
  signal?: AbortSignal,
): Promise<MemoryPageView> {
  const query = new URLSearchParams(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [name, String(value)]),
  );
  return memoryPageSchema.parse(await control.ask({ method: "GET", path: `/v1/memory?${query}`, signal }));
}

/**
 * One key with its value, version and writer.
 * @throws SwarmError SW705 when it does not exist, SW704 when the server does not answer.
 */
export async function showMemory(control: Control, key: string, signal?: AbortSignal): Promise<MemoryValueView> {
  return memoryValueSchema.parse(await control.ask({ method: "GET", path: pathOf(key), signal }));
}

/**
 * Deletes a key.
 * @param version deletes only this version; undefined: any.
 * @returns the deleted version.
 * @throws as `showMemory`, and SW710 when the key has another version.
 */
export async function deleteMemory(
  control: Control,
  key: string,
  version?: number,
  signal?: AbortSignal,
): Promise<number> {
  const path = `${pathOf(key)}${version === undefined ? "" : `?version=${version}`}`;
  return memoryDeletedSchema.parse(await control.ask({ method: "DELETE", path, signal })).version;
}

function pathOf(key: string): string {
  return `/v1/memory/${encodeURIComponent(key)}`;
}
