import { SwarmError } from "../errors.ts";
import type { AgentPlan, GpuPoolPlan, Plan } from "./plan.ts";

/** An existing node, as a scheduler sees it. */
export interface NodeFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Keys of the taints that repel pods. */
  readonly taints: readonly string[];
  /** What pods can use: "cpu" in millicores, "memory" in bytes, extended resources by name. */
  readonly allocatable: Readonly<Record<string, number>>;
}

/** Label of a node with GPUs, as GPU feature discovery sets it: their product. */
export const productLabel = "nvidia.com/gpu.product";

/** Taint of nodes with GPUs; agents that need one tolerate it. */
export const gpuTaintKey = "nvidia.com/gpu";

/** Kubernetes sets and clears these itself. */
const passing = /^node\.kubernetes\.io\//;

/** Whether the plan depends on existing nodes, so that they have to be listed. */
export function usesPresentNodes({ gpuPools }: Pick<Plan, "gpuPools">): boolean {
  return gpuPools.some(({ provisioning }) => provisioning === "labelled");
}

/**
 * Refuses an agent that fits on no node of its labelled pool, even an empty one. A pool whose minimum is zero nodes is
 * not checked while it has none: an autoscaler may add them.
 *
 * @throws SwarmError SW608 with the requests of the agent and the resources of the nodes
 */
export function refuseUnfitting(
  { agents, gpuPools }: Pick<Plan, "agents" | "gpuPools">,
  nodes: readonly NodeFacts[],
): void {
  for (const agent of agents) {
    const { gpu } = agent.resources;
    const pool = gpuPools.find(({ name }) => name === gpu?.pool);
    if (pool?.provisioning === "labelled") judge(agent, pool, nodes);
  }
}

function judge(agent: AgentPlan, pool: GpuPoolPlan, nodes: readonly NodeFacts[]): void {
  const wanted = requestsOf(agent);
  const ofPool = nodes.filter(({ labels }) => pool.products.includes(labels[productLabel] ?? ""));
  const open = ofPool.filter(({ taints }) => taints.every((key) => key === gpuTaintKey || passing.test(key)));
  if (ofPool.length === 0 && pool.nodes.min === 0 && agent.count.min === 0) return;
  if (open.some(({ allocatable }) => wanted.every(([name, amount]) => (allocatable[name] ?? 0) >= amount))) return;
  throw new SwarmError("SW608", `"${agent.name}" fits on no node of pool "${pool.name}": ${reason()}`, {
    hints: [
      "lower the agent's resources, or add a larger node",
      `kubectl get nodes -L ${productLabel} shows which nodes the pool has`,
    ],
    values: { agent: agent.key, pool: pool.name, wanted: Object.fromEntries(wanted), nodes: open.length },
  });

  function reason(): string {
    if (ofPool.length === 0)
      return `none of ${nodes.length} nodes has the label ${productLabel} of ${list(pool.products)}`;
    if (open.length === 0) {
      const keys = [...new Set(ofPool.flatMap(({ taints }) => taints.filter((key) => key !== gpuTaintKey)))];
      return `all ${ofPool.length} have taints that it does not tolerate (${list(keys)})`;
    }
    const asked = wanted.map(([name, amount]) => `${show(name, amount)} ${name}`).join(", ");
    const best = wanted.map(([name]) => {
      const most = Math.max(...open.map(({ allocatable }) => allocatable[name] ?? 0));
      return `${show(name, most)} ${name}`;
    });
    return `it asks for ${asked}; the most that one of ${open.length} has is ${best.join(", ")}`;
  }
}

function requestsOf({ resources: { cpuMillis, memoryBytes, gpu } }: AgentPlan): readonly (readonly [string, number])[] {
  const base = [["cpu", cpuMillis] as const, ["memory", memoryBytes] as const];
  return gpu === undefined ? base : [[gpu.resource, gpu.count], ...base];
}

function show(name: string, amount: number): string {
  if (name === "memory") return `${Math.floor(amount / 1024 ** 2)}Mi`;
  return name === "cpu" ? `${amount}m` : String(amount);
}

function list(words: readonly string[]): string {
  return words.join(", ");
}
