import { Container, type ContainerArgs } from "@pulumi/docker/index.js";
import { agentApi } from "../../names.ts";
import { partName } from "../../part-name.ts";
import type { DesiredState } from "../../plan/desired-state.ts";
import { images as builtin, imageUsers, launcher } from "../../plan/images.ts";
import { instanceId } from "../../plan/instance-name.ts";
import { apiResources } from "../../plan/quota.ts";
import type { Desired } from "../resources.ts";
import type { Files } from "./files.ts";
import type { Images } from "./images.ts";
import { confinement, type DockerScope, labelsOf, type Networks, restartPolicy } from "./scope.ts";
import { type DockerSecrets, secretsDir } from "./secrets.ts";
import type { DockerVolumes } from "./volumes.ts";

export interface ApiContainerParts {
  readonly images: Images;
  readonly networks: Networks;
  readonly volumes: DockerVolumes;
  readonly files: Files;
  readonly secrets: DockerSecrets;
}

const configDir = "/etc/swarmstack";
const tokensDir = "/var/lib/swarmstack/tokens";
const command = ["swarmctl", "agent-server", "--json"];
/** Longer than the server needs to answer its last calls. */
const graceSeconds = 30;

/** The network of agents and server: its packets stay on the host, and containers without capabilities cannot sniff it. */
export const apiUrl = `http://${agentApi.alias}:${agentApi.port}`;

/**
 * The agent server: in the network of the agents only, on no port of the host. It signs the tokens of the instances with a secret that it
 * generates, and writes each into the volume of that instance.
 */
export function createAgentApi(host: DockerScope, desired: Desired, parts: ApiContainerParts): Container {
  const name = partName(host.plan.resource, agentApi.part);
  const dependsOn = [parts.files.container, ...parts.volumes.owned];
  return new Container(name, apiContainer(host, name, desired, parts), { ...host.options, dependsOn });
}

function apiContainer({ plan }: DockerScope, name: string, desired: Desired, parts: ApiContainerParts): ContainerArgs {
  const { images, networks, volumes, files, secrets } = parts;
  const memory = apiResources.memoryBytes / 1024 ** 2;
  const labels = { "swarmstack.dev/part": agentApi.part, "swarmstack.dev/files": files.api };
  const tokens = plan.agents.flatMap((agent) =>
    Array.from({ length: agent.count.max }, (_, ordinal) => ({
      type: "volume",
      source: volumes.token(agent, ordinal).name,
      target: `${tokensDir}/${instanceId(agent, ordinal)}`,
    })),
  );
  return {
    name,
    image: images(builtin.agent),
    ...(secrets.api === undefined ? { entrypoints: command } : { entrypoints: [...launcher.command], command }),
    envs: desired.document.apply(environment),
    networksAdvanced: [{ name: networks.agents.name, aliases: [agentApi.alias] }],
    mounts: [
      { type: "volume", source: volumes.api.files.name, target: configDir, readOnly: true },
      { type: "volume", source: volumes.api.state.name, target: agentApi.folder },
      ...tokens,
      ...(secrets.api?.mounts ?? []),
    ],
    tmpfs: { "/tmp": "size=64m" },
    cpuShares: Math.round((apiResources.cpuMillis * 1024) / 1000),
    memory,
    memorySwap: memory,
    healthcheck: {
      tests: ["CMD", "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${agentApi.port}/readyz`],
      interval: "3s",
      timeout: "5s",
      startPeriod: "60s",
      retries: 10,
    },
    wait: true,
    waitTimeout: 120,
    restart: restartPolicy,
    stopTimeout: graceSeconds,
    destroyGraceSeconds: graceSeconds,
    ...confinement(imageUsers.agent),
    labels: labelsOf(plan, labels, secrets.api),
  };

  function environment({ uid, arrival }: DesiredState): string[] {
    const { redis } = plan.network;
    return [
      ...(redis?.kind === "address" ? [`REDIS_URL=${redis.url}`] : []),
      ...(secrets.api === undefined ? [] : [`SWARM_SECRETS_DIR=${secretsDir}`]),
      `SWARM_SERVER_AGENTS=${configDir}/cluster.json`,
      ...(arrival === undefined ? [] : [`SWARM_SERVER_ARRIVAL=${arrival.operation}`]),
      `SWARM_SERVER_FOLDER=${agentApi.folder}`,
      `SWARM_SERVER_LISTEN=0.0.0.0:${agentApi.port}`,
      `SWARM_SERVER_TOKENS=${tokensDir}`,
      `SWARM_SERVER_UID=${uid}`,
    ];
  }
}
