import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { extract } from "tar";
import { agentApi } from "../../names.ts";
import { partName } from "../../part-name.ts";

/**
 * Copies the checkpoints of a cluster out of the volume of its agent server, through any container that has it: docker reads the
 * volumes of one that does not run, too.
 *
 * @param resource name of the cluster's resources
 * @returns false where no container has the volume
 */
export async function copyFromVolume(docker: Docker, resource: string, folder: string): Promise<boolean> {
  const volume = partName(partName(resource, agentApi.part), "state");
  const [holder] = await docker.listContainers({ all: true, filters: { volume: [volume] } });
  const mount = holder?.Mounts.find(({ Name }) => Name === volume);
  if (holder === undefined || mount === undefined) return false;
  const archive = await docker.getContainer(holder.Id).getArchive({ path: `${mount.Destination}/checkpoints` });
  await pipeline(archive, extract({ cwd: folder, strip: 1, preserveOwner: false }));
  return true;
}
