import type { Json } from "../../store/json.ts";

/** A value in the shared memory of a cluster. */
export interface MemoryEntry {
  /** JSON. */
  readonly value: unknown;
  /** Grows with every change in the cluster; versions are never reused. 0 means absent. */
  readonly version: number;
  /** Milliseconds since the epoch; undefined: no expiry. */
  readonly expiresAtMs?: number;
}

export interface MemoryWrite {
  readonly value: unknown;
  /** The version that the writer has read; 0: the key must be absent. */
  readonly expected: number;
  readonly expiresAtMs?: number;
}

/** A whole shared memory, for a migration. */
export interface MemoryContent {
  readonly entries: readonly (Omit<MemoryEntry, "value"> & { readonly key: string; readonly value: Json })[];
  /** Versions up to this one are used. */
  readonly lastVersion: number;
}

/** Maximum size of a value as JSON, in UTF-8. */
export const maxValueBytes = 64 * 1024;
export const maxKeys = 10_000;

/** The shared memory of a cluster: small JSON values under keys, changed by compare-and-swap. */
export interface SharedMemory {
  get(key: string): Promise<MemoryEntry | undefined>;
  /**
   * Writes a value.
   * @returns the new version.
   * @throws SwarmError SW710 when the current version is not the expected one (it is in `values`), SW711 when the
   * value or the number of keys is too large.
   */
  put(key: string, write: MemoryWrite): Promise<number>;
}
