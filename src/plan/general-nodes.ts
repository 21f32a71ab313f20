import { SwarmError } from "../errors.ts";
import type { AgentReplicas } from "./allocate.ts";
import { roomFor } from "./nodes.ts";
import type { AgentPlan, GeneralNodesPlan } from "./plan.ts";

const gib = 1024 ** 3;

/** What the kubelet, the system and its add-ons leave of a node. */
const usable = { cpu: 0.8, memory: 0.75 };

const types = [
  { instanceType: "m7i.large", cpuMillis: 2_000, memoryBytes: 8 * gib },
  { instanceType: "m7i.xlarge", cpuMillis: 4_000, memoryBytes: 16 * gib },
  { instanceType: "m7i.2xlarge", cpuMillis: 8_000, memoryBytes: 32 * gib },
  { instanceType: "m7i.4xlarge", cpuMillis: 16_000, memoryBytes: 64 * gib },
  { instanceType: "m7i.12xlarge", cpuMillis: 48_000, memoryBytes: 192 * gib },
  { instanceType: "m7i.24xlarge", cpuMillis: 96_000, memoryBytes: 384 * gib },
] as const;

/** At least two, so that one may fail. */
const least = 2;

/**
 * Nodes without GPUs, of the smallest type on which every agent fits.
 *
 * @throws SwarmError SW608 where an agent fits on none
 */
export function planGeneralNodes(agents: readonly AgentPlan[]): GeneralNodesPlan {
  const general = agents.filter(isGeneral);
  const type = types.find(({ cpuMillis, memoryBytes }) =>
    general.every(
      ({ resources }) =>
        resources.cpuMillis <= cpuMillis * usable.cpu && resources.memoryBytes <= memoryBytes * usable.memory,
    ),
  );
  if (type === undefined) {
    throw new SwarmError("SW608", "an agent requests more CPU or memory than the largest node of a managed group has");
  }
  const plan = {
    instanceType: type.instanceType,
    cpuMillis: Math.floor(type.cpuMillis * usable.cpu),
    memoryBytes: Math.floor(type.memoryBytes * usable.memory),
  };
  const maxima = Object.fromEntries(general.map(({ key, count }) => [key, count.max]));
  const most = nodesNeeded(plan, general, maxima);
  return { ...plan, nodes: { min: least, max: Math.max(least, most) } };
}

/** How many nodes the counts need: half as many again as an exact fit, as agents of different sizes leave gaps. */
export function generalNodesFor(plan: GeneralNodesPlan, agents: readonly AgentPlan[], counts: AgentReplicas): number {
  const needed = nodesNeeded(plan, agents.filter(isGeneral), counts);
  return Math.min(plan.nodes.max, Math.max(plan.nodes.min, needed));
}

function nodesNeeded(
  { cpuMillis, memoryBytes }: Omit<GeneralNodesPlan, "nodes">,
  agents: readonly AgentPlan[],
  counts: AgentReplicas,
): number {
  const sum = (of: (agent: AgentPlan) => number) =>
    agents.reduce((total, agent) => total + roomFor(agent, counts) * of(agent), 0);
  const byCpu = sum(({ resources }) => resources.cpuMillis) / cpuMillis;
  const byMemory = sum(({ resources }) => resources.memoryBytes) / memoryBytes;
  return Math.ceil(1.5 * Math.max(byCpu, byMemory));
}

function isGeneral({ resources }: AgentPlan): boolean {
  return resources.gpu === undefined;
}
