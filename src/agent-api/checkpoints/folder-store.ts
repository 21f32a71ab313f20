import { readdirSync, statSync } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { SwarmError } from "../../errors.ts";
import { makeFolder, readJson, removeIfThere, syncFolder, systemCode, writeJson } from "../../platform/files.ts";
import { type CheckpointManifest, manifestSchema, rootHash, sha256 } from "./manifest.ts";
import type { CheckpointSize, CheckpointStore } from "./store.ts";

/** What one instance may keep: two checkpoints and the chunks of a third. */
const defaultMaxBytes = 8 * 1024 ** 3;

/**
 * Checkpoints in a folder: `<instance>/<hash>` for each chunk, `<instance>/latest.json` and `<instance>/previous.json`. A chunk is on the
 * disk before a manifest names it, and the manifest is replaced by a rename: whoever is killed in between leaves the one before.
 */
export class FolderCheckpoints implements CheckpointStore {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #bytes = new Map<string, number>();

  constructor(folder: string, maxBytes = defaultMaxBytes) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  async putChunk(instance: string, hash: string, bytes: Uint8Array): Promise<void> {
    if (sha256(bytes) !== hash) throw new SwarmError("SW713", `The bytes are not those of chunk ${hash}.`);
    const folder = this.#ensure(instance);
    const path = join(folder, hash);
    if (statSync(path, { throwIfNoEntry: false })) return;
    this.#reserve(instance, folder, bytes.length);
    await writeDurably(path, bytes);
  }

  async chunk(instance: string, hash: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#folder, instance, hash));
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  async commit(instance: string, manifest: CheckpointManifest): Promise<void> {
    const folder = this.#ensure(instance);
    const before = this.#read(instance);
    if (before && JSON.stringify(before) === JSON.stringify(manifest)) return;
    this.#refuseBroken(folder, manifest, before);
    syncFolder(folder);
    if (before) writeJson(join(folder, "previous.json"), before, true);
    writeJson(join(folder, "latest.json"), manifest, true);
    this.#letGo(instance, folder, new Set([...manifest.chunks, ...(before?.chunks ?? [])]));
  }

  async latest(instance: string): Promise<CheckpointManifest | undefined> {
    return this.#read(instance);
  }

  async verify(instance: string): Promise<CheckpointManifest | undefined> {
    const latest = this.#read(instance);
    if (latest === undefined) return undefined;
    if (rootHash(latest.chunks) !== latest.root) {
      throw new SwarmError("SW713", `The chunks of checkpoint ${latest.root} do not make up its root.`);
    }
    for (const hash of new Set(latest.chunks)) {
      const bytes = await this.chunk(instance, hash);
      if (bytes === undefined || sha256(bytes) !== hash) {
        throw new SwarmError(
          "SW713",
          `Chunk ${hash} of ${instance} is ${bytes === undefined ? "missing" : "damaged"}.`,
        );
      }
    }
    return latest;
  }

  async sizes(): Promise<Readonly<Record<string, CheckpointSize>>> {
    const sizes: Record<string, CheckpointSize> = {};
    for (const instance of readdirSync(this.#folder).sort()) {
      const latest = this.#read(instance);
      if (latest === undefined) continue;
      const paths = [...new Set(latest.chunks)].map((hash) => join(this.#folder, instance, hash));
      const bytes = paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
      sizes[instance] = { root: latest.root, bytes };
    }
    return sizes;
  }

  #read(instance: string): CheckpointManifest | undefined {
    return readJson(join(this.#folder, instance, "latest.json"), manifestSchema);
  }

  #refuseBroken(folder: string, manifest: CheckpointManifest, before: CheckpointManifest | undefined): void {
    const { chunks, root, seq } = manifest;
    if (rootHash(chunks) !== root)
      throw new SwarmError("SW713", `The chunks of checkpoint ${root} do not make up its root.`);
    const newest = before?.seq ?? 0;
    if (seq <= newest) {
      throw new SwarmError("SW713", `Checkpoint ${seq} comes after checkpoint ${newest}.`, { values: { seq, newest } });
    }
    const present = new Set(readdirSync(folder));
    const missing = chunks.filter((hash) => !present.has(hash));
    if (missing.length === 0) return;
    throw new SwarmError("SW713", `Checkpoint ${seq} lacks ${missing.length} of its ${chunks.length} chunks.`, {
      values: { seq, missing: missing.slice(0, 100) },
    });
  }

  /** Chunks of a checkpoint that was never finished go here too. */
  #letGo(instance: string, folder: string, needed: ReadonlySet<string>): void {
    for (const name of readdirSync(folder)) {
      if (!needed.has(name) && !name.endsWith(".json")) removeIfThere(join(folder, name));
    }
    this.#bytes.delete(instance);
  }

  #reserve(instance: string, folder: string, bytes: number): void {
    const present = this.#bytes.get(instance) ?? sizeOf(folder);
    if (present + bytes > this.#maxBytes) {
      throw new SwarmError(
        "SW711",
        `Instance ${instance} keeps ${present} bytes of checkpoints; ${this.#maxBytes} is the most.`,
      );
    }
    this.#bytes.set(instance, present + bytes);
  }

  #ensure(instance: string): string {
    const folder = join(this.#folder, instance);
    makeFolder(folder);
    return folder;
  }
}

let writes = 0;

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.${writes++}.tmp`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
