import { SwarmError } from "../errors.ts";

/** A folder of an image that another user than root owns. */
export interface OwnedFolder {
  readonly path: string;
  readonly user: number;
  readonly mode: number;
}

/** How an image is made of what this machine has; no registry is asked. */
export interface ImageRecipe {
  /** Name and tag, as plans have it. */
  readonly name: string;
  /** For an image that takes long to make: what its content depends on. An archive of the same key is used again. */
  key?(): Promise<string | undefined>;
  /**
   * Puts the image's files under `root`; all will be root's.
   *
   * @param cache folder for what can be made again
   * @throws SwarmError SW616 where this machine lacks something
   */
  stage(root: string, cache: string): Promise<void>;
  readonly folders: readonly OwnedFolder[];
  /** Instructions of a Dockerfile, as ENTRYPOINT and ENV. */
  readonly settings: readonly string[];
}

/** The error of a machine that lacks something to make an image of. */
export function cannotMake(image: string, reason: string, hints: readonly string[] = []): SwarmError {
  return new SwarmError("SW616", `the image ${image} cannot be made: ${reason}`, { hints, values: { image, reason } });
}
