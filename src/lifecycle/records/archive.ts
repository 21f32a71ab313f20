import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderCheckpoints } from "../../agent-api/checkpoints/folder-store.ts";
import { type CheckpointManifest, sha256 } from "../../agent-api/checkpoints/manifest.ts";
import { latestCheckpoint, readChunk } from "../../drivers/control/checkpoint-calls.ts";
import type { Driver } from "../../drivers/driver.ts";
import { SwarmError } from "../../errors.ts";
import { instancesOf } from "../instances.ts";
import type { Run } from "../run.ts";

/**
 * Archives the blueprint, the record and the last checkpoints of a cluster in a folder. It is written to a temporary folder and
 * renamed; an existing archive is kept.
 *
 * @returns the folder of the archive
 */
export async function writeArchive(run: Run, archives: string): Promise<string> {
  const { cluster, operation } = run;
  const folder = join(archives, `${cluster.name}-${cluster.id}`);
  const draft = join(archives, `.${operation.id}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const { blueprintText, ...manifest } = cluster;
  if (blueprintText !== null) await write(draft, "blueprint.yaml", blueprintText);
  await write(draft, "cluster.json", JSON.stringify(manifest, null, 2));
  const driver = await run.driver().catch(() => undefined);
  if (driver !== undefined) await writeCheckpoints(driver, draft, run);
  await rename(draft, folder).catch(async (error: unknown) => {
    if (!(error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST")))
      throw error;
    await rm(draft, { recursive: true, force: true });
  });
  return folder;
}

/** A source of the last checkpoints. */
interface Kept {
  readonly ids: readonly string[];
  latest(id: string): Promise<CheckpointManifest | undefined>;
  chunk(id: string, hash: string): Promise<Uint8Array | undefined>;
}

async function writeCheckpoints(driver: Driver, draft: string, run: Run): Promise<void> {
  const folder = join(draft, "checkpoints");
  await mkdir(join(folder, "chunks"), { recursive: true });
  const copy = await mkdtemp(join(tmpdir(), "swarm-archive-"));
  try {
    const kept = await keptBy(driver, copy, run);
    for (const id of kept.ids) await writeCheckpoint(kept, id, folder, run);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Reads checkpoints from the running agent server, or from a copy of the stored checkpoints of a hibernated cluster. */
async function keptBy(driver: Driver, copy: string, { signal, note }: Run): Promise<Kept> {
  // While no agent server runs, the stored checkpoints can be copied.
  const status = await driver.status(signal).catch(() => undefined);
  const instances = status?.api === undefined ? [] : await instancesOf(driver, signal).catch(() => []);
  if (instances.length > 0) {
    return {
      ids: instances.filter(({ epoch }) => epoch !== undefined).map(({ id }) => id),
      latest: (id) => latestCheckpoint(driver, id, signal),
      chunk: (id, hash) => readChunk(driver, id, hash, signal),
    };
  }
  const isCopied = await driver.copyCheckpoints(copy);
  if (!isCopied) note("the archive contains no states: the agent server is not running");
  const store = new FolderCheckpoints(copy);
  return {
    ids: (await readdir(copy)).sort(),
    latest: (id) => store.latest(id),
    chunk: (id, hash) => store.chunk(id, hash),
  };
}

async function writeCheckpoint(kept: Kept, id: string, folder: string, { note }: Run): Promise<void> {
  try {
    const manifest = await kept.latest(id);
    if (manifest === undefined) return;
    for (const hash of new Set(manifest.chunks)) {
      const chunk = await kept.chunk(id, hash);
      if (chunk === undefined || sha256(chunk) !== hash)
        throw new SwarmError("SW713", `chunk ${hash} is missing or corrupt`);
      await writeFile(join(folder, "chunks", hash), chunk, { mode: 0o600 });
    }
    await write(folder, `${id}.json`, JSON.stringify(manifest));
  } catch (error) {
    if (!(error instanceof SwarmError) || error.code === "SW606") throw error;
    if (error.code !== "SW705") note(`the archive does not contain the state of ${id}: ${error.message}`);
  }
}

function write(folder: string, name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text, { mode: 0o600 });
}
