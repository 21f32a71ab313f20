import { SwarmError } from "../errors.ts";

/** A folder of an image whose owner is not root. */
export interface OwnedFolder {
  readonly path: string;
  readonly user: number;
  readonly mode: number;
}

/** How to build an image from files of this machine, without a registry. */
export interface ImageRecipe {
  /** Name and tag, as in plans. */
  readonly name: string;
  /** For an image that is slow to build: a key of its content. An archive of the same key is reused. */
  key?(): Promise<string | undefined>;
  /**
   * Writes the image's files to `root`; root owns them in the image.
   * @param cache folder for reusable intermediate files.
   * @throws SwarmError SW616 when this machine lacks a requirement.
   */
  stage(root: string, cache: string): Promise<void>;
  readonly folders: readonly OwnedFolder[];
  /** Instructions of a Dockerfile, such as ENTRYPOINT and ENV. */
  readonly settings: readonly string[];
}

/** The error when this machine lacks a requirement of an image. */
export function cannotMake(image: string, reason: string, hints: readonly string[] = []): SwarmError {
  return new SwarmError("SW616", `the image ${image} cannot be built: ${reason}`, { hints, values: { image, reason } });
}
