import { Container, Network, Provider } from "@pulumi/docker/index.js";
import { partName } from "../../part-name.ts";
import type { CreateTarget } from "../create-target.ts";
import { createAgentApi } from "./agent-api.ts";
import { createFiles } from "./files.ts";
import { createImages } from "./images.ts";
import { createInstances } from "./instances.ts";
import { proxyContainer } from "./proxy.ts";
import { type DockerScope, labelsOf, type Networks } from "./scope.ts";
import { createSecrets } from "./secrets.ts";
import { createVolumes } from "./volumes.ts";

/** The docker target: containers, networks and volumes of one host. */
export const createDocker: CreateTarget = ({ plan, desired, parent, resolver, transform, running, transition }) => {
  const { resource, network } = plan;
  const host: DockerScope = {
    plan,
    resolver,
    transform,
    options: { parent, provider: createProvider(), dependsOn: desired, deleteBeforeReplace: true },
  };
  const images = createImages(host);
  const networks = createNetworks();
  const volumes = createVolumes(host, images);
  const files = createFiles(host, desired, images, volumes);
  const secrets = createSecrets(host, images);
  const parts = { images, networks, volumes, files, secrets };
  createInstances(host, desired, { ...parts, running, transition, createServers });
  return {};

  /** The resources that instances depend on. */
  function createServers(): Container[] {
    return [createAgentApi(host, desired, parts), ...createProxy()];
  }

  /** The address of the daemon is recorded, so that a destroy reaches the same one whatever DOCKER_HOST is then. */
  function createProvider(): Provider {
    const context = plan.platform.kind === "docker" ? plan.platform.host : undefined;
    const host = context === undefined || context.includes("://") ? (context ?? plan.place.server) : undefined;
    const args = {
      ...(host !== undefined && { host }),
      ...(host === undefined && context !== undefined && { context }),
    };
    return new Provider(partName(resource, "docker"), args, { parent });
  }

  function createNetworks(): Networks {
    const confined = network.proxy !== undefined;
    const agents = createNetwork(resource, confined);
    return { agents, outside: confined ? createNetwork(partName(resource, "outside"), false) : undefined };
  }

  function createNetwork(name: string, internal: boolean): Network {
    return new Network(name, { name, driver: "bridge", internal, labels: labelsOf(plan) }, host.options);
  }

  function createProxy(): Container[] {
    if (network.proxy === undefined) return [];
    const args = proxyContainer(host, network.proxy, { images, networks, volumes, checksum: files.proxy });
    return [new Container(network.proxy.resource, args, { ...host.options, dependsOn: [files.container] })];
  }
};
