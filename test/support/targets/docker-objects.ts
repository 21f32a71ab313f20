import type { ContainerInspectInfo } from "dockerode";
import { labelKeys } from "../../../src/names.ts";
import type { DockerClient } from "../../../tools/docker/docker.ts";

const ofCluster = (cluster: string) => ({ label: [`swarmstack.dev/cluster=${cluster}`] });

/** Output of `docker inspect` for all containers of a cluster, by name. */
export async function containersOf(
  { client }: DockerClient,
  cluster: string,
): Promise<readonly ContainerInspectInfo[]> {
  const found = await client.listContainers({ all: true, filters: ofCluster(cluster) });
  const inspected = await Promise.all(found.map(({ Id }) => client.getContainer(Id).inspect()));
  return inspected.sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** Names of the volumes of a cluster, sorted. */
export async function volumesOf({ client }: DockerClient, cluster: string): Promise<readonly string[]> {
  const { Volumes } = await client.listVolumes({ filters: ofCluster(cluster) });
  return (Volumes ?? []).map(({ Name }) => Name).sort();
}

/** Names of the containers, volumes and networks with a label, sorted. */
export async function remainsOf(client: DockerClient["client"], label: string): Promise<readonly string[]> {
  const filters = { label: [label] };
  const containers = await client.listContainers({ all: true, filters });
  const { Volumes } = await client.listVolumes({ filters });
  const networks = await client.listNetworks({ filters });
  const names = [
    ...containers.map(({ Names }) => `container ${Names[0]?.slice(1)}`),
    ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ...networks.map(({ Name }) => `network ${Name}`),
  ];
  return names.sort();
}

/** Removes the containers, volumes and networks of clusters whose names start with a prefix. */
export async function removeClusters(client: DockerClient["client"], prefix: string): Promise<void> {
  const filters = { label: [labelKeys.cluster] };
  const isOurs = ({ Labels }: { readonly Labels?: Readonly<Record<string, string>> | undefined }) =>
    Labels?.[labelKeys.cluster]?.startsWith(prefix) ?? false;
  const containers = (await client.listContainers({ all: true, filters })).filter(isOurs);
  await Promise.all(containers.map(({ Id }) => client.getContainer(Id).remove({ force: true, v: true })));
  const { Volumes } = await client.listVolumes({ filters });
  await Promise.all((Volumes ?? []).filter(isOurs).map(({ Name }) => client.getVolume(Name).remove()));
  const networks = (await client.listNetworks({ filters })).filter(isOurs);
  await Promise.all(networks.map(({ Id }) => client.getNetwork(Id).remove()));
}
