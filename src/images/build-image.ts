import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import type { DockerAddress } from "../docker-host/address.ts";
import { callingDocker } from "../docker-host/connect.ts";
import { cacheFolder } from "../stacks/engine/cache.ts";
import { type Archive, packImage, readArchive } from "./archive.ts";
import type { ImageRecipe } from "./recipe.ts";

const contentLabel = "swarmstack.dev/content";

/** The daemon that receives an image. */
export interface ImageHost {
  readonly docker: Docker;
  readonly address: DockerAddress;
}

/** An image in a docker daemon. */
export interface BuiltImage {
  readonly name: string;
  readonly id: string;
  /** False: the daemon already had the same content. */
  readonly isNew: boolean;
}

export type BuildPhase = "packing" | "loading";

/**
 * Builds an image and loads it into a docker daemon. Equal content keeps its id, so that no container is replaced.
 * @throws SwarmError SW616 when this machine lacks a requirement of the image, SW614 when the daemon does not answer,
 * DockerFailure with the message of a daemon that refuses.
 */
export async function buildImage(
  { docker, address }: ImageHost,
  recipe: ImageRecipe,
  onPhase: (phase: BuildPhase) => void = () => {},
): Promise<BuiltImage> {
  const cache = join(cacheFolder(process.env), "images");
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "work-"));
  try {
    onPhase("packing");
    const archive = await archiveOf(recipe, cache, work);
    const present = await callingDocker(address, () => findImage(docker, recipe.name, archive));
    if (present !== undefined) return { name: recipe.name, id: present, isNew: false };
    onPhase("loading");
    const id = await callingDocker(address, () => load(docker, recipe, archive));
    return { name: recipe.name, id, isNew: true };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function archiveOf(recipe: ImageRecipe, cache: string, work: string): Promise<Archive> {
  const key = await recipe.key?.();
  if (key === undefined) return packImage(recipe, work, cache);
  const kept = join(cache, `${key}.tar`);
  if (!existsSync(kept)) await rename((await packImage(recipe, work, cache)).path, kept);
  return readArchive(kept);
}

const labelOf = ({ digest }: Archive) => `${contentLabel}=${digest}`;

async function findImage(docker: Docker, name: string, archive: Archive): Promise<string | undefined> {
  const filters = { reference: [name], label: [labelOf(archive)] };
  return (await docker.listImages({ filters }))[0]?.Id;
}

async function load(docker: Docker, { name, settings }: ImageRecipe, archive: Archive): Promise<string> {
  const [repo, tag] = name.split(":");
  const changes = [...settings, `LABEL ${labelOf(archive)}`];
  const stream = await docker.importImage(archive.path, { repo, tag, changes });
  await new Promise<void>((done, failed) =>
    docker.modem.followProgress(stream, (error) => (error ? failed(error) : done())),
  );
  return (await docker.getImage(name).inspect()).Id;
}
