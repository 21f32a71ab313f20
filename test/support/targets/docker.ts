import { findDocker } from "../../../src/docker-host/address.ts";
import { dockerDriver } from "../../../src/drivers/docker/docker-driver.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import { labelKeys, resourceName } from "../../../src/names.ts";
import type { DockerClient } from "../../../tools/docker/docker.ts";
import { Sandbox } from "../sandbox.ts";
import { remainsOf, removeClusters } from "./docker-objects.ts";
import { watchStops } from "./docker-stops.ts";
import { dockerTeam } from "./docker-team.ts";
import { startPortForward } from "./port-forward.ts";
import type { Target } from "./target.ts";

/** Containers on a dockerd. */
export function dockerTarget(docker: () => DockerClient): Target {
  return {
    name: "docker",
    node: "node",
    instance: (_cluster, agent, ordinal) => `${agent}-${ordinal}`,
    planLines: (cluster) => ({
      grows: new RegExp(`\\+ +${cluster}-worker-4 +Container`),
      repairs: new RegExp(`\\+ +${cluster}-worker-0 +Container`),
      knows: new RegExp(`${cluster}-worker-0 +Container`),
    }),
    home(onFinished, variables) {
      const { client, url, folder, onNetwork } = docker();
      const sandbox = new Sandbox({ ...variables, DOCKER_HOST: url });
      const drivers = new Map<string, Promise<Driver>>();
      const asked = new Set<string>();
      const labelOf = (cluster: string) => {
        asked.add(cluster);
        return `${labelKeys.cluster}=${resourceName([cluster])}`;
      };
      onFinished(async () => {
        for (const driver of drivers.values()) (await driver).close();
        await sandbox.dispose();
        for (const cluster of asked) await removeClusters(client, resourceName([cluster]));
      });
      return {
        sandbox,
        driver(cluster) {
          const known = drivers.get(cluster);
          if (known !== undefined) return known;
          const driver = dockerDriver({ address: findDocker(url, {}), resource: resourceName([cluster]) });
          drivers.set(cluster, driver);
          return driver;
        },
        async running(cluster) {
          const found = await client.listContainers({ filters: { label: [labelOf(cluster)] } });
          return found.map(({ Names }) => Names[0]?.slice(1) ?? "").sort();
        },
        stops: (cluster) => watchStops(client, labelOf(cluster)),
        remains: (cluster) => remainsOf(client, labelOf(cluster)),
        async kill(cluster, instance) {
          const container = client.getContainer(`${resourceName([cluster])}-${instance}`);
          const exec = await container.exec({ Cmd: ["kill", "-9", "-1"], AttachStdout: true });
          (await exec.start({})).resume();
        },
        async wipe(cluster) {
          const found = await client.listContainers({ all: true, filters: { label: [labelOf(cluster)] } });
          await Promise.all(found.map(({ Id }) => client.getContainer(Id).remove({ force: true })));
        },
        async reachable(server) {
          const forward = await startPortForward(new URL(server), { folder, onNetwork });
          onFinished(forward.close);
          return forward.url;
        },
      };
    },
    team: dockerTeam(docker),
  };
}
