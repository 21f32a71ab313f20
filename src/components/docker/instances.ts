import { Container, type ContainerArgs } from "@pulumi/docker/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AgentPlan } from "../../plan/plan.ts";
import { agentHealth, instanceEnv, proxyEnv, tellsHealth } from "../instance-env.ts";
import type { Desired } from "../resources.ts";
import type { Files } from "./files.ts";
import { confinement, type Host, labelsOf, type Networks } from "./host.ts";
import type { Images } from "./images.ts";
import { proxyAlias } from "./proxy.ts";
import type { Volumes } from "./volumes.ts";

export interface InstanceParts {
  readonly images: Images;
  readonly networks: Networks;
  readonly volumes: Volumes;
  readonly files: Files;
  readonly proxy: Container | undefined;
}

/** In the container; never by its egress proxy. */
const healthCommand = [
  "wget",
  "-q",
  "-Y",
  "off",
  "-O",
  "/dev/null",
  `http://127.0.0.1:${agentHealth.port}${agentHealth.path}`,
];
/** User of agents: no user of the host, and of no image. */
const agentUser = 10_001;
const paths = {
  files: "/etc/swarmstack",
  config: "/etc/swarmstack/config.json",
  knowledge: "/etc/swarmstack/knowledge",
  state: "/var/lib/swarmstack/state",
  shared: "/var/lib/swarmstack/shared",
};

/**
 * A container for each instance, made once the counts are known (a preview knows them too): docker has nothing that holds
 * several, and only a resource of its own can be the exact victim of a scale-in, with its own GPUs and state.
 */
export function createInstances(host: Host, desired: Desired, parts: InstanceParts): void {
  const { plan, options, transform } = host;
  const dependsOn = [parts.files.container, ...(parts.proxy === undefined ? [] : [parts.proxy])];
  desired.document.apply(({ counts }) => {
    for (const agent of plan.agents) {
      for (let ordinal = 0; ordinal < (counts[agent.key] ?? 0); ordinal++) createInstance(agent, ordinal);
    }
  });

  function createInstance(agent: AgentPlan, ordinal: number): void {
    const args = containerArgs(host, agent, ordinal, parts);
    const name = instanceName(agent, ordinal);
    new Container(name, transform.container?.(args, agent, ordinal) ?? args, { ...options, dependsOn });
  }
}

function instanceName({ resource }: AgentPlan, ordinal: number): string {
  return `${resource}-${ordinal}`;
}

function containerArgs(host: Host, agent: AgentPlan, ordinal: number, parts: InstanceParts): ContainerArgs {
  const { plan } = host;
  const { cpuMillis, memoryBytes, gpu } = agent.resources;
  const memory = Math.ceil(memoryBytes / 1024 ** 2);
  const graceSeconds = Math.ceil(agent.stopTimeoutMs / 1000);
  const devices = gpu?.devices[ordinal] ?? [];
  const tmpfs = {
    "/tmp": "size=64m",
    ...(agent.state === undefined && { [paths.state]: `uid=${agentUser},gid=${agentUser}` }),
  };
  const labels = {
    "swarmstack.dev/agent": agent.resource,
    "swarmstack.dev/role": agent.role,
    "swarmstack.dev/ordinal": String(ordinal),
    "swarmstack.dev/files": parts.files.checksums[agent.key] ?? "",
  };
  return {
    name: instanceName(agent, ordinal),
    image: parts.images(agent.image.name),
    ...(agent.command !== undefined && { command: [...agent.command] }),
    envs: environmentOf(host, agent, ordinal),
    networksAdvanced: [{ name: parts.networks.agents.name }],
    mounts: mountsOf(agent, ordinal, parts.volumes),
    tmpfs,
    cpuShares: Math.max(2, Math.round((cpuMillis * 1024) / 1000)),
    memory,
    memorySwap: memory,
    ...(devices.length > 0 && { gpus: `device=${devices.join(",")}` }),
    ...(tellsHealth(agent) && {
      healthcheck: {
        tests: ["CMD", ...healthCommand],
        interval: "10s",
        timeout: "5s",
        startPeriod: "30s",
        retries: 6,
      },
      wait: true,
      waitTimeout: 120,
    }),
    restart: "unless-stopped",
    stopTimeout: graceSeconds,
    destroyGraceSeconds: graceSeconds,
    ...confinement(agentUser),
    labels: labelsOf(plan, labels),
  };
}

function environmentOf({ plan, edge }: Host, agent: AgentPlan, ordinal: number): pulumi.Input<string>[] {
  const { redis, proxy } = plan.network;
  const throughProxy = proxy === undefined ? [] : proxyEnv(plan, `http://${proxyAlias}:${proxy.port}`);
  const told: Record<string, string> = {
    ...Object.fromEntries(throughProxy.map(({ name, value }) => [name, value])),
    ...instanceEnv(plan, agent, paths),
    SWARM_INSTANCE: instanceName(agent, ordinal),
  };
  const secrets = agent.secrets.flatMap((name) => {
    const reference = plan.secrets[name];
    return reference === undefined || reference.kind === "kubernetes"
      ? []
      : [assign(name, edge.secret(name, reference))];
  });
  if (agent.queue !== undefined && redis?.kind === "env") {
    secrets.push(assign("REDIS_URL", edge.secret("REDIS_URL", { kind: "env", variable: redis.variable })));
  }
  const plain = Object.entries(told).map(([name, value]) => `${name}=${value}`);
  return [...plain.sort(), ...secrets];
}

function assign(name: string, value: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`${name}=${value}`;
}

function mountsOf(agent: AgentPlan, ordinal: number, volumes: Volumes) {
  const files = volumes.files(agent);
  const state = volumes.state(agent, ordinal);
  const { shared } = volumes;
  return [
    ...(files === undefined ? [] : [{ type: "volume", source: files.name, target: paths.files, readOnly: true }]),
    ...(state === undefined || agent.state === undefined
      ? []
      : [{ type: "volume", source: state.name, target: agent.state.path }]),
    ...(shared === undefined ? [] : [{ type: "volume", source: shared.name, target: paths.shared }]),
  ];
}
