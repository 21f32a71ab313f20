import type { CheckpointManifest } from "./manifest.ts";

export interface CheckpointSize {
  readonly root: string;
  /** Of its chunks, each counted once. */
  readonly bytes: number;
}

/** The checkpoints of all instances of a cluster. Each instance sees its own only. */
export interface CheckpointStore {
  /** Keeps a chunk. @throws SwarmError SW713 when its hash is another one, SW711 when the instance holds too much. */
  putChunk(instance: string, hash: string, bytes: Uint8Array): Promise<void>;
  /** undefined when there is none. */
  chunk(instance: string, hash: string): Promise<Uint8Array | undefined>;
  /**
   * Makes a checkpoint the latest one, in one step, and lets go of chunks that neither it nor the one before it needs. The same
   * manifest again is success.
   *
   * @throws SwarmError SW713 when a chunk is missing, the root is wrong, or its `seq` is not the next.
   */
  commit(instance: string, manifest: CheckpointManifest): Promise<void>;
  latest(instance: string): Promise<CheckpointManifest | undefined>;
  /** Reads the latest checkpoint of an instance back, and believes only what its hashes say. @throws SwarmError SW713 when it is not whole */
  verify(instance: string): Promise<CheckpointManifest | undefined>;
  /** Root and size of the latest checkpoint of each instance that has one. */
  sizes(): Promise<Readonly<Record<string, CheckpointSize>>>;
}
