import { type CheckpointManifest, manifestSchema, sha256 } from "../../agent-api/checkpoints/manifest.ts";
import { SwarmError } from "../../errors.ts";
import type { Control } from "./control.ts";

/** A chunk has up to 1 MiB, lines are slow, and calls to a server that is dialled wait for each other. */
const chunkMs = 60_000;

/** The manifest of the latest checkpoint of an instance. @throws SwarmError SW705 when there is none, SW704 when nobody answers. */
export async function latestCheckpoint(
  control: Control,
  instance: string,
  signal?: AbortSignal,
): Promise<CheckpointManifest> {
  const path = pathOf(instance, "checkpoint");
  return manifestSchema.parse(await control.ask({ method: "GET", path, signal }, chunkMs));
}

/** A chunk of a checkpoint. @throws SwarmError SW713 when what comes is something else, SW705 when there is none, SW704 when nobody answers. */
export async function readChunk(
  control: Control,
  instance: string,
  hash: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await control.ask({ method: "GET", path: pathOf(instance, `chunks/${hash}`), signal }, chunkMs);
  if (bytes instanceof Uint8Array && sha256(bytes) === hash) return bytes;
  throw new SwarmError("SW713", `What came of chunk ${hash} of ${instance} is something else.`);
}

/**
 * Copies the latest checkpoint of an instance to an instance of another cluster, which begins with it: chunks first, the manifest last, so
 * whoever is interrupted leaves the one before. Chunks of the checkpoint that the other one has already are not sent again.
 *
 * @returns its manifest; the root is the same on both sides.
 * @throws SwarmError SW705 when there is none, SW713 when the other has a newer one, SW704 when nobody answers, SW606 when aborted.
 */
export async function copyCheckpoint(
  from: { readonly control: Control; readonly instance: string },
  to: { readonly control: Control; readonly instance: string },
  signal?: AbortSignal,
): Promise<CheckpointManifest> {
  const manifest = await latestCheckpoint(from.control, from.instance, signal);
  const there = await latestCheckpoint(to.control, to.instance, signal).catch(noneYet);
  const sent = new Set(there?.chunks);
  for (const hash of new Set(manifest.chunks)) {
    if (sent.has(hash)) continue;
    const bytes = await readChunk(from.control, from.instance, hash, signal);
    await to.control.ask({ method: "PUT", path: pathOf(to.instance, `chunks/${hash}`), body: bytes, signal }, chunkMs);
  }
  await to.control.ask({ method: "PUT", path: pathOf(to.instance, "checkpoint"), body: manifest, signal }, chunkMs);
  return manifest;
}

function noneYet(error: unknown): undefined {
  if (!(error instanceof SwarmError) || error.code !== "SW705") throw error;
}

function pathOf(instance: string, what: string): string {
  return `/v1/instances/${encodeURIComponent(instance)}/${what}`;
}
