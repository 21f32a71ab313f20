import type { Manifest } from "./manifest.ts";

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
  commit(instance: string, manifest: Manifest): Promise<void>;
  latest(instance: string): Promise<Manifest | undefined>;
}
