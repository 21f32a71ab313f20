import type { CheckpointManifest } from "./manifest.ts";

export interface CheckpointSize {
  readonly root: string;
  /** Total size of its chunks, each counted once. */
  readonly bytes: number;
}

/** A state of an instance that can be restored. */
export interface SavedState extends CheckpointSize {
  readonly instance: string;
  readonly seq: number;
  /** Registration epoch of the writer. */
  readonly epoch: number;
  /** Milliseconds since the epoch. */
  readonly savedAtMs: number;
  /** It is the latest checkpoint. */
  readonly isLatest: boolean;
  /** The instance gets it at its next registration. */
  readonly isChosen: boolean;
}

/** The checkpoints of all instances of a cluster, separate for each instance. */
export interface CheckpointStore {
  /**
   * Stores a chunk.
   * @throws SwarmError SW713 when the bytes do not match the hash, SW711 when the instance exceeds its limit.
   */
  putChunk(instance: string, hash: string, bytes: Uint8Array): Promise<void>;
  /** Undefined when it does not exist. */
  chunk(instance: string, hash: string): Promise<Uint8Array | undefined>;
  /**
   * Makes a checkpoint the latest one atomically, and deletes chunks that neither it nor its predecessor needs.
   * Committing the same manifest again succeeds.
   * @throws SwarmError SW713 when a chunk is missing, the root is wrong, or its `seq` is not the next.
   */
  commit(instance: string, manifest: CheckpointManifest): Promise<void>;
  /** Saved states of all instances, by instance, the newest first: the latest checkpoint and its predecessor. */
  saved(): Promise<readonly SavedState[]>;
  /**
   * Chooses the state that an instance gets at its next registration; it is kept until then.
   * @throws SwarmError SW705 when no saved state of the instance has this root.
   */
  choose(instance: string, root: string): Promise<void>;
  /** Withdraws the choice. */
  withdrawChoice(instance: string): Promise<void>;
  /** Makes the chosen state the latest checkpoint. Undefined: none is chosen. */
  applyChoice(instance: string): Promise<CheckpointManifest | undefined>;
  latest(instance: string): Promise<CheckpointManifest | undefined>;
  /**
   * Reads the latest checkpoint of an instance back and verifies its hashes.
   * @throws SwarmError SW713 when it is damaged.
   */
  verify(instance: string): Promise<CheckpointManifest | undefined>;
  /** Root and size of the latest checkpoint of each instance that has one. */
  sizes(): Promise<Readonly<Record<string, CheckpointSize>>>;
}
