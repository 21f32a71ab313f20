import { createHash } from "node:crypto";
import { z } from "zod";

/** A state as a list of chunks. Two states are equal where their roots are. */
export interface CheckpointManifest {
  /** SHA-256 of each chunk, in order. */
  readonly chunks: readonly string[];
  /** See `rootHash`. */
  readonly root: string;
  /** Counts the checkpoints of an instance over all its lives. */
  readonly seq: number;
  /** The life that wrote it. */
  readonly epoch: number;
}

export const maxChunkBytes = 1024 * 1024;
const maxChunks = 16_384;

export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in lower-case hexadecimal digits");

export const manifestSchema: z.ZodType<CheckpointManifest> = z.strictObject({
  chunks: z.array(hashSchema).max(maxChunks),
  root: hashSchema,
  seq: z.int().positive(),
  epoch: z.int().positive(),
});

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The hash of a whole state: SHA-256 over the hashes of its chunks, one a line. */
export function rootHash(chunks: readonly string[]): string {
  return sha256(chunks.map((hash) => `${hash}\n`).join(""));
}
