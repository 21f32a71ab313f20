import { type CheckpointManifest, manifestSchema, sha256 } from "../../agent-api/checkpoints/manifest.ts";
import type { SavedState } from "../../agent-api/checkpoints/store.ts";
import { savedStatesSchema } from "../../agent-api/control/checkpoint-wire.ts";
import { SwarmError } from "../../errors.ts";
import type { Control } from "./control.ts";

/** Timeout of a chunk: it has up to 1 MiB, links are slow, and calls to a dialled server queue up. */
const chunkMs = 60_000;

/**
 * The saved states of all instances, by instance, the newest first.
 * @throws SwarmError SW704 when the server does not answer.
 */
export async function listSavedStates(control: Control, signal?: AbortSignal): Promise<readonly SavedState[]> {
  const answer = await control.ask({ method: "GET", path: "/v1/checkpoints", signal }, chunkMs);
  return savedStatesSchema.parse(answer).items;
}

/**
 * Chooses the saved state that an instance gets at its next registration.
 * @throws SwarmError SW705 when the instance has no such state, SW704 when the server does not answer.
 */
export async function chooseState(control: Control, instance: string, root: string, signal?: AbortSignal) {
  await control.ask({ method: "PUT", path: pathOf(instance, "restore"), body: { root }, signal });
}

/**
 * Withdraws the choice, unless the instance has registered since.
 * @throws SwarmError SW704 when the server does not answer.
 */
export async function withdrawChoice(control: Control, instance: string, signal?: AbortSignal): Promise<void> {
  await control.ask({ method: "DELETE", path: pathOf(instance, "restore"), signal });
}

/**
 * The manifest of the latest checkpoint of an instance.
 * @throws SwarmError SW705 when there is none, SW704 when the server does not answer.
 */
export async function latestCheckpoint(
  control: Control,
  instance: string,
  signal?: AbortSignal,
): Promise<CheckpointManifest> {
  const path = pathOf(instance, "checkpoint");
  return manifestSchema.parse(await control.ask({ method: "GET", path, signal }, chunkMs));
}

/**
 * A chunk of a checkpoint.
 * @throws SwarmError SW713 when it does not match its hash, SW705 when it does not exist, SW704 when the server does
 * not answer.
 */
export async function readChunk(
  control: Control,
  instance: string,
  hash: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await control.ask({ method: "GET", path: pathOf(instance, `chunks/${hash}`), signal }, chunkMs);
  if (bytes instanceof Uint8Array && sha256(bytes) === hash) return bytes;
  throw new SwarmError("SW713", `chunk ${hash} of ${instance} does not match its hash`);
}

/**
 * Copies the latest checkpoint of an instance to an instance of another cluster, which starts from it: chunks first,
 * the manifest last, so that an interrupted copy leaves the previous checkpoint. Chunks that the destination has are
 * skipped.
 * @returns its manifest; the root is the same on both sides.
 * @throws SwarmError SW705 when there is none, SW713 when the destination has a newer one, SW704 when a server does
 * not answer, SW606 when aborted.
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
