import { readdirSync, statSync, utimesSync } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { SwarmError } from "../../errors.ts";
import { makeFolder, readJson, removeIfThere, syncFolder, systemCode, writeJson } from "../../platform/files.ts";
import { type CheckpointManifest, manifestSchema, rootHash, sha256 } from "./manifest.ts";
import type { CheckpointSize, CheckpointStore, SavedState } from "./store.ts";

/** Storage limit of one instance: two checkpoints and the chunks of a third. */
const defaultMaxBytes = 8 * 1024 ** 3;

/**
 * Stores checkpoints in a folder: `<instance>/<hash>` for each chunk, `<instance>/latest.json` and
 * `<instance>/previous.json`. A chunk is on the disk before a manifest names it, and a rename replaces the manifest:
 * a process killed in between leaves the previous checkpoint.
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
    if (sha256(bytes) !== hash) throw new SwarmError("SW713", `the bytes do not match chunk hash ${hash}`);
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
    if (before) keepPrevious(folder, before);
    writeJson(join(folder, "latest.json"), manifest, true);
    const chosen = this.#manifest(instance, "chosen.json");
    const kept = [manifest, before, chosen].flatMap((one) => one?.chunks ?? []);
    this.#letGo(instance, folder, new Set(kept));
  }

  async saved(): Promise<readonly SavedState[]> {
    return readdirSync(this.#folder)
      .sort()
      .flatMap((instance) => this.#savedOf(instance));
  }

  async choose(instance: string, root: string): Promise<void> {
    const manifest = [this.#read(instance), this.#manifest(instance, "previous.json")].find(
      (one) => one?.root === root,
    );
    if (manifest === undefined) {
      throw new SwarmError("SW705", `${instance} has no saved state ${root}`, { values: { instance, root } });
    }
    writeJson(join(this.#folder, instance, "chosen.json"), manifest, true);
  }

  async withdrawChoice(instance: string): Promise<void> {
    removeIfThere(join(this.#folder, instance, "chosen.json"));
  }

  async applyChoice(instance: string): Promise<CheckpointManifest | undefined> {
    const chosen = this.#manifest(instance, "chosen.json");
    if (chosen === undefined) return undefined;
    const latest = this.#read(instance);
    const restored = { ...chosen, seq: (latest?.seq ?? 0) + 1 };
    // After a kill in between, the same choice is applied again.
    if (latest?.root !== chosen.root) await this.commit(instance, restored);
    await this.withdrawChoice(instance);
    return restored;
  }

  async latest(instance: string): Promise<CheckpointManifest | undefined> {
    return this.#read(instance);
  }

  async verify(instance: string): Promise<CheckpointManifest | undefined> {
    const latest = this.#read(instance);
    if (latest === undefined) return undefined;
    if (rootHash(latest.chunks) !== latest.root) {
      throw new SwarmError("SW713", `the chunks of checkpoint ${latest.root} do not match its root hash`);
    }
    for (const hash of new Set(latest.chunks)) {
      const bytes = await this.chunk(instance, hash);
      if (bytes === undefined || sha256(bytes) !== hash) {
        throw new SwarmError("SW713", `chunk ${hash} of ${instance} is ${bytes === undefined ? "missing" : "damaged"}`);
      }
    }
    return latest;
  }

  async sizes(): Promise<Readonly<Record<string, CheckpointSize>>> {
    const sizes: Record<string, CheckpointSize> = {};
    for (const instance of readdirSync(this.#folder).sort()) {
      const latest = this.#read(instance);
      if (latest === undefined) continue;
      sizes[instance] = { root: latest.root, bytes: this.#bytesOf(instance, latest) };
    }
    return sizes;
  }

  #read(instance: string): CheckpointManifest | undefined {
    return this.#manifest(instance, "latest.json");
  }

  #manifest(instance: string, file: string): CheckpointManifest | undefined {
    return readJson(join(this.#folder, instance, file), manifestSchema);
  }

  #savedOf(instance: string): readonly SavedState[] {
    const chosen = this.#manifest(instance, "chosen.json");
    return (["latest.json", "previous.json"] as const).flatMap((file) => {
      const manifest = this.#manifest(instance, file);
      if (manifest === undefined) return [];
      const { root, seq, epoch } = manifest;
      return {
        ...{ instance, root, seq, epoch, bytes: this.#bytesOf(instance, manifest) },
        savedAtMs: Math.floor(statSync(join(this.#folder, instance, file)).mtimeMs),
        ...{ isLatest: file === "latest.json", isChosen: chosen?.seq === seq },
      };
    });
  }

  #bytesOf(instance: string, { chunks }: CheckpointManifest): number {
    const paths = [...new Set(chunks)].map((hash) => join(this.#folder, instance, hash));
    return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  }

  #refuseBroken(folder: string, manifest: CheckpointManifest, before: CheckpointManifest | undefined): void {
    const { chunks, root, seq } = manifest;
    if (rootHash(chunks) !== root)
      throw new SwarmError("SW713", `the chunks of checkpoint ${root} do not match its root hash`);
    const newest = before?.seq ?? 0;
    if (seq <= newest) {
      throw new SwarmError("SW713", `checkpoint ${seq} does not follow checkpoint ${newest}`, {
        values: { seq, newest },
      });
    }
    const present = new Set(readdirSync(folder));
    const missing = chunks.filter((hash) => !present.has(hash));
    if (missing.length === 0) return;
    throw new SwarmError("SW713", `checkpoint ${seq} lacks ${missing.length} of its ${chunks.length} chunks`, {
      values: { seq, missing: missing.slice(0, 100) },
    });
  }

  /** Deletes unneeded chunks, including those of unfinished checkpoints. */
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
        `instance ${instance} stores ${present} bytes of checkpoints; the limit is ${this.#maxBytes}`,
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

/** The predecessor keeps the time at which it was saved. */
function keepPrevious(folder: string, before: CheckpointManifest): void {
  const { atime, mtime } = statSync(join(folder, "latest.json"));
  const path = join(folder, "previous.json");
  writeJson(path, before, true);
  utimesSync(path, atime, mtime);
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
