import { Volume } from "@pulumi/docker/index.js";
import { partName } from "../../plan/part-name.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { type Host, labelsOf } from "./host.ts";

export interface Volumes {
  readonly shared: Volume | undefined;
  /** Of the proxy's configuration. */
  readonly proxy: Volume | undefined;
  /** Of an agent's configuration and knowledge. */
  files(agent: AgentPlan): Volume | undefined;
  /** Of one instance's state. */
  state(agent: AgentPlan, ordinal: number): Volume | undefined;
}

/**
 * Volumes are there for every instance that there can be, whatever the counts are: what an instance knows outlives it,
 * and comes back with it.
 */
export function createVolumes({ plan, options }: Host): Volumes {
  const volumes = new Map<string, Volume>();
  const { proxy } = plan.network;
  if (plan.shared.volumeBytes !== undefined) create(partName(plan.resource, "shared"));
  if (proxy !== undefined) create(filesOf(proxy.resource));
  for (const agent of plan.agents) {
    create(filesOf(agent.resource));
    if (agent.state === undefined) continue;
    for (let ordinal = 0; ordinal < agent.count.max; ordinal++) create(stateOf(agent, ordinal));
  }

  function create(name: string): void {
    volumes.set(name, new Volume(name, { name, labels: labelsOf(plan) }, options));
  }

  return {
    shared: volumes.get(partName(plan.resource, "shared")),
    proxy: proxy === undefined ? undefined : volumes.get(filesOf(proxy.resource)),
    files: (agent) => volumes.get(filesOf(agent.resource)),
    state: (agent, ordinal) => volumes.get(stateOf(agent, ordinal)),
  };
}

function filesOf(owner: string): string {
  return partName(owner, "files");
}

function stateOf({ resource }: AgentPlan, ordinal: number): string {
  return partName(`${resource}-${ordinal}`, "state");
}
