import type { Docker } from "../../../tools/docker/docker.ts";
import { agentImage } from "../../../tools/images/agent.ts";
import { egressImage } from "../../../tools/images/egress.ts";
import { loadImage } from "../../../tools/images/load.ts";
import type { Unavailable } from "../../../tools/services/service.ts";

/** Gives a dockerd the image of the agent. */
export function agentOnly({ client }: Docker): Promise<Unavailable | undefined> {
  return give(client, [agentImage]);
}

/** Gives a dockerd all images that swarmstack brings. */
export function ourImages({ client }: Docker): Promise<Unavailable | undefined> {
  return give(client, [agentImage, egressImage]);
}

async function give(
  client: Docker["client"],
  recipes: readonly (typeof agentImage)[],
): Promise<Unavailable | undefined> {
  for (const recipe of recipes) {
    const made = await loadImage(client, recipe);
    if ("unavailable" in made) return made;
  }
  return undefined;
}
