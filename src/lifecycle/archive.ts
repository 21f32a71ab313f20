import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SwarmError } from "../errors.ts";
import { latestCheckpoint, readChunk } from "../runtime/control/checkpoint-calls.ts";
import type { Driver } from "../runtime/drivers/driver.ts";
import { instancesOf } from "./instances.ts";
import type { Run } from "./run.ts";

/**
 * What remains of a destroyed cluster: its blueprint, its record, and the last checkpoint of each instance, in a folder of
 * its own. Written beside its place and moved there whole; one that is there already stays.
 *
 * @returns the folder
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

async function writeCheckpoints(driver: Driver, draft: string, { signal, note }: Run): Promise<void> {
  const folder = join(draft, "checkpoints");
  await mkdir(join(folder, "chunks"), { recursive: true });
  const instances = await instancesOf(driver, signal).catch(() => []);
  for (const { id, epoch } of instances) {
    if (epoch === undefined) continue;
    try {
      const manifest = await latestCheckpoint(driver, id, signal);
      for (const hash of new Set(manifest.chunks)) {
        await writeFile(join(folder, "chunks", hash), await readChunk(driver, id, hash, signal), { mode: 0o600 });
      }
      await write(folder, `${id}.json`, JSON.stringify(manifest));
    } catch (error) {
      if (!(error instanceof SwarmError) || error.code === "SW606") throw error;
      if (error.code !== "SW705") note(`the state of ${id} is not in the archive: ${error.message}`);
    }
  }
}

function write(folder: string, name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text, { mode: 0o600 });
}
