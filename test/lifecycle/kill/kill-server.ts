import { readdirSync } from "node:fs";
import { join } from "node:path";
import Dockerode from "dockerode";
import { readSupervisor } from "../../../src/drivers/process/client.ts";
import { agentApi, labelKeys, resourceName } from "../../../src/names.ts";
import { readSettings } from "../../../src/stacks/settings.ts";

/** `kill-server STATION CLUSTER`: kills the agent server of a home folder's only cluster with -9; its agents continue. */
const [, , station, cluster = ""] = process.argv;
if (station === "docker") await killContainer(resourceName([cluster]));
else killSupervisor();

function killSupervisor(): void {
  const sites = join(readSettings().home, "clusters");
  for (const site of readdirSync(sites)) {
    const supervisor = readSupervisor(join(sites, site));
    if (supervisor.state === "alive") process.kill(supervisor.pid, "SIGKILL");
  }
}

/** From inside: the daemon does not restart a container that it was asked to kill. */
async function killContainer(prefix: string): Promise<void> {
  const docker = new Dockerode({ socketPath: new URL(process.env.DOCKER_HOST ?? "").pathname });
  const found = await docker.listContainers({ filters: { label: [`${labelKeys.part}=${agentApi.part}`] } });
  for (const { Id, Labels } of found) {
    if (!Labels[labelKeys.cluster]?.startsWith(prefix)) continue;
    const exec = await docker.getContainer(Id).exec({ Cmd: ["kill", "-9", "-1"], AttachStdout: true });
    const stream = await exec.start({});
    await new Promise((resolve) => stream.once("close", resolve).once("end", resolve).resume());
  }
}
