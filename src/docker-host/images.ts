import { SwarmError } from "../errors.ts";
import type { DockerAddress } from "./address.ts";
import { callingDocker, connectDocker } from "./connect.ts";

/**
 * Checks for images that no registry has: they are built on a machine and loaded into its docker daemon.
 *
 * @throws SwarmError SW615 with the missing ones, SW614 where the daemon does not answer
 */
export async function requireImages(address: DockerAddress, names: readonly string[]): Promise<void> {
  const docker = await connectDocker(address);
  const present = await callingDocker(address, () => docker.listImages());
  const tags = new Set(present.flatMap(({ RepoTags }) => RepoTags ?? []));
  const missing = names.filter((name) => !tags.has(name));
  if (missing.length === 0) return;
  throw new SwarmError("SW615", `the docker host on ${address.url} has no image ${missing.join(", ")}`, {
    hints: ["swarmctl images build (--context names another daemon than that of DOCKER_HOST)"],
    values: { missing, url: address.url },
  });
}
