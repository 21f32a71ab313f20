import type { DockerAddress } from "./address.ts";
import { callingDocker, connectDocker } from "./connect.ts";

/**
 * Names of a cluster's containers that run now.
 *
 * @param cluster as in their label
 * @throws SwarmError SW614 where the daemon does not answer
 */
export async function runningContainers(address: DockerAddress, cluster: string): Promise<ReadonlySet<string>> {
  const docker = await connectDocker(address);
  const filters = { label: [`swarmstack.dev/cluster=${cluster}`], status: ["running"] };
  const found = await callingDocker(address, () => docker.listContainers({ filters }));
  return new Set(found.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, ""))));
}
