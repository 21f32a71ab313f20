// Makes the images that swarmstack brings and gives them to the docker daemon: `npm run docker:images`.
import Docker from "dockerode";
import { agentImage } from "./agent.ts";
import { egressImage } from "./egress.ts";
import { loadImage } from "./load.ts";

const docker = new Docker();
for (const recipe of [agentImage, egressImage]) {
  const made = await loadImage(docker, recipe);
  if ("unavailable" in made) {
    process.stderr.write(`${recipe.name} cannot be made: ${made.unavailable}\n`);
    process.exitCode = 1;
  } else process.stdout.write(`${made.name} ${made.id} ${made.isNew ? "made" : "is there"}\n`);
}
