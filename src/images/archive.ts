import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { ImageRecipe, OwnedFolder } from "./recipe.ts";

const run = promisify(execFile);

/** Options for reproducible archives. */
const reproducible = ["--sort=name", "--mtime=@0", "--numeric-owner", "--format=gnu"];

export interface Archive {
  readonly path: string;
  /** SHA-256 of the bytes. */
  readonly digest: string;
}

/**
 * Packs the files of an image into a tar file.
 * @param folder an empty folder.
 * @param cache folder for reusable intermediate files.
 * @throws SwarmError SW616 when this machine lacks a requirement.
 */
export async function packImage(recipe: ImageRecipe, folder: string, cache: string): Promise<Archive> {
  const root = join(folder, "root");
  await mkdir(root);
  await recipe.stage(root, cache);
  const archive = join(folder, "image.tar.part");
  await run("tar", [...reproducible, "--owner=0", "--group=0", "--mode=go-w", "-cf", archive, "-C", root, "."]);
  await appendFolders(archive, join(folder, "folders"), recipe.folders);
  const path = join(folder, "image.tar");
  await rename(archive, path);
  return readArchive(path);
}

export async function readArchive(path: string): Promise<Archive> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { path, digest: hash.digest("hex") };
}

/** Appends all folders of one owner and mode in one call of tar. */
async function appendFolders(archive: string, root: string, folders: readonly OwnedFolder[]): Promise<void> {
  for (const alike of Map.groupBy(folders, ({ user, mode }) => `${user} ${mode}`).values()) {
    for (const { path, mode } of alike) {
      await mkdir(join(root, path), { recursive: true });
      await chmod(join(root, path), mode);
    }
    const owners = alike.slice(0, 1).flatMap(({ user }) => [`--owner=${user}`, `--group=${user}`]);
    const names = alike.map(({ path }) => path.slice(1));
    await run("tar", [...reproducible, ...owners, "--no-recursion", "-rf", archive, "-C", root, ...names]);
  }
}
