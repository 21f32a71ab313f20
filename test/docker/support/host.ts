import type { ContainerInspectInfo } from "dockerode";
import { labelKeys } from "../../../src/names.ts";
import type { Docker } from "../../../tools/docker/docker.ts";

const ofCluster = (cluster: string) => ({ label: [`swarmstack.dev/cluster=${cluster}`] });

/** What `docker inspect` shows of all containers of a cluster, by name. */
export async function containersOf({ client }: Docker, cluster: string): Promise<readonly ContainerInspectInfo[]> {
  const found = await client.listContainers({ all: true, filters: ofCluster(cluster) });
  const inspected = await Promise.all(found.map(({ Id }) => client.getContainer(Id).inspect()));
  return inspected.sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** Names of the volumes of a cluster, sorted. */
export async function volumesOf({ client }: Docker, cluster: string): Promise<readonly string[]> {
  const { Volumes } = await client.listVolumes({ filters: ofCluster(cluster) });
  return (Volumes ?? []).map(({ Name }) => Name).sort();
}

/** Containers, volumes and networks that have a label, by name, sorted. */
export async function remainsOf(client: Docker["client"], label: string): Promise<readonly string[]> {
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

/** Removes what there is of any cluster. */
export async function removeAll(client: Docker["client"]): Promise<void> {
  const filters = { label: [labelKeys.cluster] };
  const containers = await client.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => client.getContainer(Id).remove({ force: true, v: true })));
  const { Volumes } = await client.listVolumes({ filters });
  await Promise.all((Volumes ?? []).map(({ Name }) => client.getVolume(Name).remove()));
  const networks = await client.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => client.getNetwork(Id).remove()));
}
