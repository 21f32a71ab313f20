import { findDocker } from "../../../src/docker-host/address.ts";
import { SwarmError } from "../../../src/errors.ts";
import { agentImage } from "../../../src/images/agent.ts";
import { buildImage } from "../../../src/images/build-image.ts";
import { egressImage } from "../../../src/images/egress.ts";
import type { ImageRecipe } from "../../../src/images/recipe.ts";
import type { Docker } from "../../../tools/docker/docker.ts";
import type { Unavailable } from "../../../tools/services/service.ts";

/** Loads the agent image into a dockerd. */
export function agentOnly(docker: Docker): Promise<Unavailable | undefined> {
  return give(docker, [agentImage]);
}

/** Loads all swarmstack images into a dockerd. */
export function ourImages(docker: Docker): Promise<Unavailable | undefined> {
  return give(docker, [agentImage, egressImage]);
}

async function give({ client, url }: Docker, recipes: readonly ImageRecipe[]): Promise<Unavailable | undefined> {
  const host = { docker: client, address: findDocker(url, {}) };
  try {
    for (const recipe of recipes) await buildImage(host, recipe);
    return undefined;
  } catch (error) {
    if (error instanceof SwarmError && error.code === "SW616") return { unavailable: error.message };
    throw error;
  }
}
