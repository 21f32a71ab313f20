import type { ContainerInspectInfo } from "dockerode";
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

/** Kinds of the events that `swarmctl events --json` printed. */
export function kindsOf(lines: string): readonly string[] {
  return lines
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { kind: string }).kind);
}
