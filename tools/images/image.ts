import type { Unavailable } from "../services/service.ts";

/** A folder of an image that somebody else than root owns. */
export interface OwnedFolder {
  readonly path: string;
  readonly user: number;
  readonly mode: number;
}

/** How an image is made of what this machine has: no registry is asked. */
export interface ImageRecipe {
  /** Name and tag, as plans have it. */
  readonly name: string;
  /** Where it takes a while to make: what its content depends on. An archive of the same key is used again. */
  key?(): Promise<string | undefined>;
  /** Puts its files under a folder; all will be root's. */
  stage(root: string): Promise<Unavailable | undefined>;
  readonly folders: readonly OwnedFolder[];
  /** Instructions of a Dockerfile, as ENTRYPOINT and ENV. */
  readonly settings: readonly string[];
}
