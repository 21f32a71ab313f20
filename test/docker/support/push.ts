import type { AuthConfig } from "dockerode";
import type { Docker } from "../../../tools/docker/docker.ts";

/**
 * Pushes an image of a dockerd to the registry in its name, and removes the name locally.
 * @returns its digest
 */
export async function pushToRegistry({ client }: Docker, name: string, authconfig?: AuthConfig): Promise<string> {
  const stream = await client.getImage(name).push({ authconfig: authconfig ?? {} });
  await new Promise<void>((resolve, reject) =>
    client.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error))),
  );
  const { RepoDigests } = await client.getImage(name).inspect();
  await client.getImage(name).remove({ force: true });
  return RepoDigests[0]?.split("@")[1] ?? "";
}
