import { SwarmError } from "../../errors.ts";
import { maxChunkBytes, rootHash, sha256 } from "./manifest.ts";

export interface Chunk {
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** Cuts a state into chunks of 1 MiB; the last one is what remains. An unchanged part of a state keeps its chunks. */
export function chunksOf(state: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let begin = 0; begin < state.length; begin += maxChunkBytes) {
    const bytes = state.subarray(begin, begin + maxChunkBytes);
    chunks.push({ hash: sha256(bytes), bytes });
  }
  return chunks;
}

/**
 * Puts a state together again.
 *
 * @param chunks the hashes of a manifest, in order.
 * @throws SwarmError SW713 when a chunk or the whole is not what its hash says.
 */
export async function assemble(
  chunks: readonly string[],
  root: string,
  read: (hash: string) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (rootHash(chunks) !== root)
    throw new SwarmError("SW713", `The chunks of checkpoint ${root} do not make up its root.`);
  const parts: Uint8Array[] = [];
  for (const hash of chunks) {
    const bytes = await read(hash);
    if (sha256(bytes) !== hash) throw new SwarmError("SW713", `Chunk ${hash} is damaged.`, { values: { hash, root } });
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}
