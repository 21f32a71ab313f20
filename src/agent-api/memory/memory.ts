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

/** The instance that wrote a value, which counts in its quota. */
export interface MemoryWriter {
  readonly instance: string;
  readonly agent: string;
}

export interface MemoryWrite {
  readonly value: unknown;
  /** The version that the writer has read; 0: the key must be absent. */
  readonly expected: number;
  readonly expiresAtMs?: number;
  readonly writer: MemoryWriter;
}

/** What an operator sees of a key. */
export interface MemoryKey extends Omit<MemoryEntry, "value"> {
  readonly key: string;
  /** Size of the key and of the value as JSON, in UTF-8. */
  readonly bytes: number;
  /** Instance that wrote the value; undefined for values of older versions. */
  readonly instance?: string;
}

export interface MemoryListRequest {
  /** Only keys that begin with it. */
  readonly prefix: string;
  /** Only keys after this one. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface MemoryPage {
  /** Sorted by key. */
  readonly items: readonly MemoryKey[];
  /** `after` of the next page; undefined for the last one. */
  readonly next?: string;
}

/** A whole shared memory, for a migration. */
export interface MemoryContent {
  readonly entries: readonly (Omit<MemoryEntry, "value"> & {
    readonly key: string;
    readonly value: Json;
    readonly writer?: MemoryWriter;
  })[];
  /** Versions up to this one are used. */
  readonly lastVersion: number;
}

/** Maximum size of a value as JSON, in UTF-8. */
export const maxValueBytes = 64 * 1024;

/** The shared memory of a cluster: small JSON values under keys, changed by compare-and-swap. */
export interface SharedMemory {
  get(key: string): Promise<MemoryEntry | undefined>;
  /**
   * Writes a value.
   * @returns the new version.
   * @throws SwarmError SW710 when the current version is not the expected one (it is in `values`), SW711 when the
   * value is too large or a quota is exceeded.
   */
  put(key: string, write: MemoryWrite): Promise<number>;
  /**
   * Deletes a key; deleting an absent key succeeds.
   * @param expected the version that was read; undefined: any.
   * @returns the deleted version, 0 when the key was absent.
   * @throws SwarmError SW710 when the current version is another one.
   */
  delete(key: string, expected: number | undefined): Promise<number>;
  /** One key with its value and writer. */
  show(key: string): Promise<(MemoryKey & { readonly value: unknown }) | undefined>;
  list(request: MemoryListRequest): Promise<MemoryPage>;
}
