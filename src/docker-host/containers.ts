import type Docker from "dockerode";
import { labelKeys } from "../names.ts";
import type { DockerAddress } from "./address.ts";
import { callingDocker, connectDocker } from "./connect.ts";

interface Filter {
  /** "key" or "key=value", in addition to that of the cluster. */
  readonly label?: string;
  /** A state of docker; undefined: any. */
  readonly status?: "running";
}

/** The containers of a cluster. @param cluster as in their label */
export function listContainers(docker: Docker, cluster: string, { label, status }: Filter) {
  const labels = [`${labelKeys.cluster}=${cluster}`, ...(label === undefined ? [] : [label])];
  return docker.listContainers({ all: true, filters: { label: labels, ...(status && { status: [status] }) } });
}

/**
 * Names of a cluster's containers that run now.
 *
 * @param cluster as in their label
 * @throws SwarmError SW614 where the daemon does not answer
 */
export async function runningContainers(address: DockerAddress, cluster: string): Promise<ReadonlySet<string>> {
  const docker = await connectDocker(address);
  const found = await callingDocker(address, () => listContainers(docker, cluster, { status: "running" }));
  return new Set(found.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, ""))));
}
