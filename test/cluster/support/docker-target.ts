import { findDocker } from "../../../src/docker-host/address.ts";
import { labelKeys, resourceName } from "../../../src/names.ts";
import { dockerDriver } from "../../../src/runtime/drivers/docker/docker-driver.ts";
import type { Driver } from "../../../src/runtime/drivers/driver.ts";
import type { Docker } from "../../../tools/docker/docker.ts";
import { remainsOf, removeAll } from "../../docker/support/host.ts";
import { watchStops } from "../../docker/support/stops.ts";
import { Sandbox } from "../../support/sandbox.ts";
import type { ClusterTarget } from "./target.ts";
import { startWayIn } from "./way-in.ts";

/** Containers of a dockerd of our own. */
export function dockerHost(docker: () => Docker): ClusterTarget {
  return {
    name: "docker",
    node: "node",
    words: {
      grows: /\+ +team-worker-4 +Container/,
      repairs: /\+ +team-worker-0 +Container/,
      knows: /team-worker-0 +Container/,
    },
    home(onFinished, variables) {
      const { client, url, folder, onNetwork } = docker();
      const sandbox = new Sandbox({ ...variables, DOCKER_HOST: url });
      const drivers = new Map<string, Promise<Driver>>();
      onFinished(async () => {
        for (const driver of drivers.values()) (await driver).close();
        await sandbox.dispose();
        await removeAll(client);
      });
      const labelOf = (cluster: string) => `${labelKeys.cluster}=${resourceName([cluster])}`;
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
          const way = await startWayIn(new URL(server), { folder, onNetwork });
          onFinished(way.close);
          return way.url;
        },
      };
    },
  };
}
