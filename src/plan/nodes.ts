import type { AgentReplicas } from "./allocate.ts";
import type { AgentPlan, GpuPoolPlan, NodeGroupPlan } from "./plan.ts";

/** No scheduler buys the nodes of managed groups: these functions compute how many the counts need. */

type Sized = Pick<AgentPlan, "key" | "count" | "scaling" | "resources">;

/** How many instances of an agent to have room for: the desired count, or the maximum where a controller decides. */
export function roomFor({ key, count, scaling }: Omit<Sized, "resources">, counts: AgentReplicas): number {
  return scaling.kind === "hpa" || scaling.kind === "keda" ? count.max : (counts[key] ?? 0);
}

/** Nodes of one group of a pool: groups are filled in their order, and each stays within its range. */
export function gpuNodesFor(
  group: NodeGroupPlan,
  pool: GpuPoolPlan,
  agents: readonly Sized[],
  counts: AgentReplicas,
): number {
  let left = Math.ceil(unitsOn(pool, agents, counts) / unitsPerNode(pool));
  for (const one of pool.groups) {
    const nodes = Math.min(one.nodes.max, Math.max(one.nodes.min, left));
    if (one.resource === group.resource) return nodes;
    left -= nodes;
  }
  return group.nodes.min;
}

/** GPUs or slices; an instance runs on one node, so fragments that larger instances leave are not counted. */
function unitsOn(pool: GpuPoolPlan, agents: readonly Sized[], counts: AgentReplicas): number {
  const perNode = unitsPerNode(pool);
  return agents.reduce((sum, agent) => {
    const { gpu } = agent.resources;
    if (gpu?.pool !== pool.name) return sum;
    const onOneNode = Math.max(1, Math.floor(perNode / gpu.count));
    const whole = Math.floor(roomFor(agent, counts) / onOneNode) * perNode;
    return sum + whole + (roomFor(agent, counts) % onOneNode) * gpu.count;
  }, 0);
}

function unitsPerNode({ capacity, nodes }: GpuPoolPlan): number {
  return Math.max(1, capacity / Math.max(1, nodes.max));
}
