import { importBusybox } from "../../tools/docker/busybox.ts";
import { isDocker, startDocker } from "../../tools/docker/docker.ts";

/** Starts a dockerd with a container, prints its folder, and waits to be killed. */
const docker = await startDocker();
if (isDocker(docker)) {
  const Image = await importBusybox(docker, "busybox:1");
  const container = await docker.client.createContainer({ Image, Cmd: ["sleep", "3600", docker.folder] });
  await container.start();
}
process.stdout.write(`${isDocker(docker) ? docker.folder : ""}\n`);
setInterval(() => {}, 2 ** 30);
