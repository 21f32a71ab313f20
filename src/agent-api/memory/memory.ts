import type { Json } from "../../store/json.ts";

/** A value of the shared memory of a cluster. */
export interface MemoryEntry {
  /** JSON. */
  readonly value: unknown;
  /** Grows with every change in the cluster; no version is ever given twice. 0 stands for "not there". */
  readonly version: number;
  /** Milliseconds since the epoch; undefined: kept for good. */
  readonly expiresAtMs?: number;
}

export interface MemoryWrite {
  readonly value: unknown;
  /** The version that the writer has seen; 0: there must be none. */
  readonly expected: number;
  readonly expiresAtMs?: number;
}

/** A whole shared memory, to be carried elsewhere. */
export interface MemoryContent {
  readonly entries: readonly (Omit<MemoryEntry, "value"> & { readonly key: string; readonly value: Json })[];
  /** No version up to this one is given again. */
  readonly lastVersion: number;
}

/** Text of a value as JSON, in UTF-8. */
export const maxValueBytes = 64 * 1024;
export const maxKeys = 10_000;

/** The shared memory of a cluster: small JSON values under keys, changed by compare-and-swap. */
export interface SharedMemory {
  get(key: string): Promise<MemoryEntry | undefined>;
  /**
   * @returns the new version.
   * @throws SwarmError SW710 when the present version is not the expected one (it is in `values`), SW711 when the value or the
   * number of keys is too large.
   */
  put(key: string, write: MemoryWrite): Promise<number>;
}
