import type { ContainerArgs } from "@pulumi/docker/index.js";
import { imageUsers } from "../../plan/images.ts";
import type { ProxyPlan } from "../../plan/plan.ts";
import { proxyResources } from "../../plan/quota.ts";
import type { Images } from "./images.ts";
import { confinement, type DockerScope, labelsOf, type Networks, restartPolicy } from "./scope.ts";
import type { DockerVolumes } from "./volumes.ts";

export interface ProxyParts {
  readonly images: Images;
  readonly networks: Networks;
  readonly volumes: DockerVolumes;
  readonly checksum: string;
}

const configDir = "/etc/swarmstack";

/** The only route out: a container in the agents' network, which has none, and in a network that has one. */
export function proxyContainer({ plan }: DockerScope, proxy: ProxyPlan, parts: ProxyParts): ContainerArgs {
  const { images, networks, volumes, checksum } = parts;
  const outside = networks.outside === undefined ? [] : [{ name: networks.outside.name }];
  const source = volumes.proxy === undefined ? {} : { source: volumes.proxy.name };
  return {
    name: proxy.resource,
    image: images(proxy.image),
    entrypoints: ["squid"],
    command: ["-N", "-f", `${configDir}/squid.conf`],
    networksAdvanced: [{ name: networks.agents.name, aliases: [proxyAlias] }, ...outside],
    mounts: [{ type: "volume", ...source, target: configDir, readOnly: true }],
    tmpfs: { "/tmp": "size=16m", "/run": "size=16m" },
    memory: proxyResources.memoryBytes / 1024 ** 2,
    memorySwap: proxyResources.memoryBytes / 1024 ** 2,
    healthcheck: {
      tests: ["CMD", "/bin/busybox", "nc", "-w", "2", "127.0.0.1", String(proxy.port)],
      interval: "3s",
      timeout: "5s",
      startPeriod: "30s",
      retries: 10,
    },
    wait: true,
    waitTimeout: 120,
    restart: restartPolicy,
    ...confinement(imageUsers.proxy),
    labels: labelsOf(plan, { "swarmstack.dev/part": "egress", "swarmstack.dev/files": checksum }),
  };
}

/** Name of the proxy in the agents' network. */
export const proxyAlias = "egress-proxy";
