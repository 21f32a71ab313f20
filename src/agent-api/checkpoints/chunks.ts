import { SwarmError } from "../../errors.ts";
import { maxChunkBytes, rootHash, sha256 } from "./manifest.ts";

export interface Chunk {
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** Splits a state into chunks of 1 MiB; the last one may be shorter. Unchanged parts of a state keep their chunks. */
export function chunksOf(state: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let begin = 0; begin < state.length; begin += maxChunkBytes) {
    const bytes = state.subarray(begin, begin + maxChunkBytes);
    chunks.push({ hash: sha256(bytes), bytes });
  }
  return chunks;
}

/**
 * Reassembles a state from its chunks.
 * @param chunks the hashes of a manifest, in order.
 * @throws SwarmError SW713 when a chunk or the whole does not match its hash.
 */
export async function assemble(
  chunks: readonly string[],
  root: string,
  read: (hash: string) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (rootHash(chunks) !== root)
    throw new SwarmError("SW713", `the chunks of checkpoint ${root} do not match its root hash`);
  const parts: Uint8Array[] = [];
  for (const hash of chunks) {
    const bytes = await read(hash);
    if (sha256(bytes) !== hash) throw new SwarmError("SW713", `chunk ${hash} is damaged`, { values: { hash, root } });
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}
