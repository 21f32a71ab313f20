import { Container, type ContainerArgs } from "@pulumi/docker/index.js";
import { clusterName, effectiveReplicas } from "../../plan/desired-state.ts";
import { agentCommand, imageUsers, launcher } from "../../plan/images.ts";
import { instanceId } from "../../plan/instance-name.ts";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import { sortByReportsTo } from "../../plan/sort-by-reports-to.ts";
import type { PowerTransition } from "../create-target.ts";
import { agentHealth, instanceEnv, proxyEnv, tellsHealth } from "../instance-env.ts";
import { registered } from "../registered.ts";
import type { Desired } from "../resources.ts";
import { apiUrl } from "./agent-api.ts";
import type { Files } from "./files.ts";
import type { Images } from "./images.ts";
import { proxyAlias } from "./proxy.ts";
import { confinement, containerName, type DockerScope, labelsOf, type Networks, restartPolicy } from "./scope.ts";
import { type DockerSecrets, type SecretFiles, secretsDir } from "./secrets.ts";
import type { DockerVolumes } from "./volumes.ts";

export interface InstanceParts {
  readonly images: Images;
  readonly networks: Networks;
  readonly volumes: DockerVolumes;
  readonly files: Files;
  readonly secrets: DockerSecrets;
  /** Names of the running containers. */
  readonly running: ReadonlySet<string>;
  /** Creates the resources that instances depend on. */
  readonly createServers: () => readonly Container[];
  readonly transition: PowerTransition | undefined;
}

/** Address in the container; requests to it bypass the egress proxy. */
const healthCommand = [
  "wget",
  "-q",
  "-Y",
  "off",
  "-O",
  "/dev/null",
  `http://127.0.0.1:${agentHealth.port}${agentHealth.path}`,
];
const paths = {
  files: "/etc/swarmstack",
  config: "/etc/swarmstack/config.json",
  knowledge: "/etc/swarmstack/knowledge",
  state: "/var/lib/swarmstack/state",
  shared: "/var/lib/swarmstack/shared",
  token: "/var/run/swarmstack",
};
/** An address without a listener: docker's name server forwards external names to it, and a confined network has no route outside. */
const noNameServer = ["127.0.0.1"];

/**
 * A container for each instance, created once the counts are known (also in a preview): docker has no resource for
 * several, and only a resource of its own can be removed alone by a scale-in, with its own GPUs and state.
 */
export function createInstances(host: DockerScope, desired: Desired, parts: InstanceParts): void {
  const { plan, options, transform } = host;
  const { files, volumes, running, transition, createServers } = parts;
  desired.document.apply(async (desiredState) => {
    const counts = effectiveReplicas(desiredState);
    // A hibernated cluster has no agent server; its volumes stay.
    if (Object.values(counts).every((count) => count === 0)) return;
    const named = clusterName(desiredState, plan.cluster);
    const needed = [files.container, ...volumes.owned, ...createServers()];
    const made = new Map<string, Promise<readonly Container[]>>();
    for (const agent of sortByReportsTo(plan.agents)) {
      // On reactivation a parent starts before the agents that report to it.
      const allReportsTo = transition === "waking" ? made.get(agent.parent ?? "") : undefined;
      const after = [...needed, ...((await allReportsTo) ?? [])];
      made.set(agent.key, createAgent({ agent, named }, counts[agent.key] ?? 0, after));
    }
    await Promise.all(made.values());
  });

  /**
   * Running instances are replaced one after the other, so that at most one of each agent is down for an update; new ones are
   * created in parallel. Dependencies between all of them would also stop them one after the other on a delete.
   */
  async function createAgent(of: Whose, count: number, dependsOn: readonly Container[]): Promise<readonly Container[]> {
    const ordinals = Array.from({ length: count }, (_, ordinal) => ordinal);
    const isRunning = (ordinal: number) => running.has(containerName(of.agent, ordinal));
    const made = ordinals.filter((one) => !isRunning(one)).map((ordinal) => createInstance(of, ordinal, dependsOn));
    for (const ordinal of ordinals.filter(isRunning)) {
      const instance = createInstance(of, ordinal, dependsOn);
      made.push(instance);
      await registered(instance);
    }
    return made;
  }

  function createInstance(of: Whose, ordinal: number, dependsOn: readonly Container[]): Container {
    const { agent } = of;
    const args = containerArgs(host, of, ordinal, parts);
    const name = containerName(agent, ordinal);
    return new Container(name, transform.container?.(args, agent, ordinal) ?? args, {
      ...options,
      dependsOn: [...dependsOn],
    });
  }
}

/** The agent of an instance, and the name of its cluster. */
interface Whose {
  readonly agent: AgentPlan;
  readonly named: string;
}

function containerArgs(
  host: DockerScope,
  { agent, named }: Whose,
  ordinal: number,
  parts: InstanceParts,
): ContainerArgs {
  const { plan } = host;
  const { cpuMillis, memoryBytes, gpu } = agent.resources;
  const memory = Math.ceil(memoryBytes / 1024 ** 2);
  const graceSeconds = Math.ceil(agent.stopTimeoutMs / 1000);
  const secrets = parts.secrets.of(agent);
  const devices = gpu?.devices[ordinal] ?? [];
  const tmpfs = {
    "/tmp": "size=64m",
    ...(agent.state === undefined && { [paths.state]: `uid=${imageUsers.agent},gid=${imageUsers.agent}` }),
  };
  const labels = {
    "swarmstack.dev/agent": agent.resource,
    "swarmstack.dev/role": agent.role,
    "swarmstack.dev/instance": instanceId(agent, ordinal),
    "swarmstack.dev/ordinal": String(ordinal),
    "swarmstack.dev/files": parts.files.checksums[agent.key] ?? "",
  };
  return {
    name: containerName(agent, ordinal),
    image: parts.images(agent.image.name),
    ...commandOf(agent, secrets),
    envs: environmentOf({ ...plan, cluster: named }, agent, ordinal, secrets !== undefined),
    networksAdvanced: [{ name: parts.networks.agents.name }],
    ...(plan.network.egress !== undefined && { dns: noNameServer }),
    mounts: [...mountsOf(agent, ordinal, parts.volumes), ...(secrets?.mounts ?? [])],
    tmpfs,
    cpuShares: Math.max(2, Math.round((cpuMillis * 1024) / 1000)),
    memory,
    memorySwap: memory,
    ...(devices.length > 0 && { gpus: `device=${devices.join(",")}` }),
    ...(tellsHealth(agent) && {
      healthcheck: {
        tests: ["CMD", ...healthCommand],
        // The interval of the kubelet: docker starts a process in the container for each probe, some tenths of a second of a core.
        interval: "10s",
        timeout: "5s",
        startPeriod: "30s",
        retries: 3,
      },
      wait: true,
      waitTimeout: 120,
    }),
    restart: restartPolicy,
    stopTimeout: graceSeconds,
    destroyGraceSeconds: graceSeconds,
    ...confinement(imageUsers.agent),
    labels: labelsOf(plan, labels, secrets),
  };
}

/** The command is the whole command line, as on every target. */
function commandOf({ command }: AgentPlan, secrets: SecretFiles | undefined) {
  if (secrets !== undefined) return { entrypoints: [...launcher.command], command: [...(command ?? agentCommand)] };
  return command === undefined ? {} : { entrypoints: [...command] };
}

function environmentOf(plan: Plan, agent: AgentPlan, ordinal: number, hasSecrets: boolean): string[] {
  const { proxy } = plan.network;
  const throughProxy = proxy === undefined ? [] : proxyEnv(plan, `http://${proxyAlias}:${proxy.port}`);
  const told: Record<string, string> = {
    ...Object.fromEntries(throughProxy.map(({ name, value }) => [name, value])),
    ...instanceEnv(plan, agent, paths),
    ...(hasSecrets && { SWARM_SECRETS_DIR: secretsDir }),
    SWARM_API: apiUrl,
    SWARM_INSTANCE: instanceId(agent, ordinal),
    // Docker does not notify the agent server of a container that is stopping.
    SWARM_STOP_TIMEOUT_MS: String(agent.stopTimeoutMs),
    SWARM_TOKEN_FILE: `${paths.token}/token`,
  };
  const variables = Object.entries(told).map(([name, value]) => `${name}=${value}`);
  return variables.sort();
}

function mountsOf(agent: AgentPlan, ordinal: number, volumes: DockerVolumes) {
  const [files, token] = [volumes.files(agent), volumes.token(agent, ordinal)];
  const state = volumes.state(agent, ordinal);
  const { shared } = volumes;
  return [
    { type: "volume", source: files.name, target: paths.files, readOnly: true },
    { type: "volume", source: token.name, target: paths.token, readOnly: true },
    ...(state === undefined || agent.state === undefined
      ? []
      : [{ type: "volume", source: state.name, target: agent.state.path }]),
    ...(shared === undefined ? [] : [{ type: "volume", source: shared.name, target: paths.shared }]),
  ];
}
