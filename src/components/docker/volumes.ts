import { Container, Volume } from "@pulumi/docker/index.js";
import { agentApi } from "../../names.ts";
import { partName } from "../../part-name.ts";
import { volumeSlots } from "../../plan/images.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { dataSeed } from "./data-seed.ts";
import type { Images } from "./images.ts";
import { containerName, type DockerScope, labelsOf } from "./scope.ts";

export interface DockerVolumes {
  readonly shared: Volume | undefined;
  /** Volume of the proxy's configuration. */
  readonly proxy: Volume | undefined;
  readonly api: ApiVolumes;
  /** Volume of an agent's configuration and knowledge. */
  files(agent: AgentPlan): Volume;
  /** Volume of one instance's state; undefined where its agent has none. */
  state(agent: AgentPlan, ordinal: number): Volume | undefined;
  /** Volume of one instance's token, which the agent server writes. */
  token(agent: AgentPlan, ordinal: number): Volume;
  /** Containers that set the owner of the volumes; created before the containers that mount them. */
  readonly owned: readonly Container[];
}

export interface ApiVolumes {
  /** Volume of the agent server: registrations, directives, memory, checkpoints and tasks. */
  readonly state: Volume;
  readonly files: Volume;
}

/**
 * Volumes exist for every possible instance, whatever the counts are: the state of an instance outlives it
 * and is mounted again when it returns.
 */
export function createVolumes(host: DockerScope, images: Images): DockerVolumes {
  const { plan, options } = host;
  const { proxy } = plan.network;
  const owned: Volume[] = [];
  const agents = new Map(plan.agents.map((agent) => [agent.key, createFor(agent)]));
  const shared = plan.shared.volumeBytes === undefined ? undefined : createOwned(partName(plan.resource, "shared"));
  const api = partName(plan.resource, agentApi.part);
  const parts = {
    proxy: proxy === undefined ? undefined : create(filesOf(proxy.resource)),
    api: { state: createOwned(partName(api, "state")), files: create(filesOf(api)) },
  };

  function createFor(agent: AgentPlan) {
    const instances = Array.from({ length: agent.count.max }, (_, ordinal) => containerName(agent, ordinal));
    return {
      files: create(filesOf(agent.resource)),
      tokens: instances.map((owner) => createOwned(partName(owner, "token"))),
      states: agent.state === undefined ? [] : instances.map((owner) => createOwned(partName(owner, "state"))),
    };
  }

  function create(name: string): Volume {
    return new Volume(name, { name, labels: labelsOf(plan) }, options);
  }

  function createOwned(name: string): Volume {
    const volume = create(name);
    owned.push(volume);
    return volume;
  }

  /** Containers that never start: a new volume takes over the owner of the folder that it is mounted on. */
  function createOwners(): Container[] {
    const count = Math.ceil(owned.length / volumeSlots.length);
    return Array.from({ length: count }, (_, index) => {
      const name = partName(plan.resource, `owner-${index}`);
      const mine = owned.slice(index * volumeSlots.length, (index + 1) * volumeSlots.length);
      const mounts = mine.map((volume, slot) => ({
        type: "volume",
        source: volume.name,
        target: volumeSlots[slot] ?? "",
      }));
      return new Container(name, { ...dataSeed(host, name, images), mounts }, options);
    });
  }

  function partsOf({ key }: AgentPlan) {
    const found = agents.get(key);
    if (found === undefined) throw new TypeError(`agent ${key} is not in the plan`);
    return found;
  }

  function one(volumes: readonly Volume[], ordinal: number): Volume {
    const volume = volumes[ordinal];
    if (volume === undefined) throw new TypeError(`instance ${ordinal} is over the maximum`);
    return volume;
  }

  return {
    ...{ shared, ...parts, owned: createOwners() },
    files: (agent) => partsOf(agent).files,
    token: (agent, ordinal) => one(partsOf(agent).tokens, ordinal),
    state: (agent, ordinal) => (agent.state === undefined ? undefined : one(partsOf(agent).states, ordinal)),
  };
}

function filesOf(owner: string): string {
  return partName(owner, "files");
}
