import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { cacheFolder } from "../../src/stacks/engine/cache.ts";
import type { Unavailable } from "../services/service.ts";
import { type Archive, packImage, readArchive } from "./archive.ts";
import type { ImageRecipe } from "./image.ts";

const contentLabel = "swarmstack.dev/content";

export interface Loaded {
  readonly name: string;
  readonly id: string;
  /** False: the same one was there. */
  readonly isNew: boolean;
}

/** Makes an image and gives it to a docker daemon. The same content keeps its id, so that no container is replaced for it. */
export async function loadImage(docker: Docker, recipe: ImageRecipe): Promise<Loaded | Unavailable> {
  const cache = join(cacheFolder(process.env), "images");
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "work-"));
  try {
    const archive = await archiveOf(recipe, cache, work);
    return "unavailable" in archive ? archive : await giveTo(docker, recipe, archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function archiveOf(recipe: ImageRecipe, cache: string, work: string): Promise<Archive | Unavailable> {
  const key = await recipe.key?.();
  if (key === undefined) return packImage(recipe, work);
  const kept = join(cache, `${key}.tar`);
  if (!existsSync(kept)) {
    const archive = await packImage(recipe, work);
    if ("unavailable" in archive) return archive;
    await rename(archive.path, kept);
  }
  return readArchive(kept);
}

async function giveTo(docker: Docker, { name, settings }: ImageRecipe, { path, digest }: Archive): Promise<Loaded> {
  const label = `${contentLabel}=${digest}`;
  const [present] = await docker.listImages({ filters: { reference: [name], label: [label] } });
  if (present !== undefined) return { name, id: present.Id, isNew: false };
  const [repo, tag] = name.split(":");
  const stream = await docker.importImage(path, { repo, tag, changes: [...settings, `LABEL ${label}`] });
  await new Promise<void>((done, failed) =>
    docker.modem.followProgress(stream, (error) => (error ? failed(error) : done())),
  );
  return { name, id: (await docker.getImage(name).inspect()).Id, isNew: true };
}
