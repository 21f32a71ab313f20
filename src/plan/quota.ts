import type { AgentPlan, GpuPoolPlan, ProxyPlan } from "./plan.ts";

/** Requests of the egress proxy. */
export const proxyResources = { replicas: 2, cpuMillis: 100, memoryBytes: 128 * 1024 ** 2 };

/** Requests of the agent server. */
export const apiResources = { cpuMillis: 100, memoryBytes: 512 * 1024 ** 2, storageBytes: 1024 ** 3 };

/**
 * Hard limits of the namespace: every agent at its maximum and one more of each stateless one, for a rollout. So
 * no autoscaler exceeds `max_workers`, and GPUs stay within the pools.
 *
 * CPU and memory are not limited: they are edited, and a limit that falls before the pods that it counts blocks their rollout.
 */
export function planQuota(
  agents: readonly AgentPlan[],
  pools: readonly GpuPoolPlan[],
  maxWorkers: number,
  proxy: ProxyPlan | undefined,
): Readonly<Record<string, string>> {
  const proxies = proxy === undefined ? 0 : proxyResources.replicas + 1;
  const surge = agents.filter(surges).length;
  const instances = agents.reduce((sum, agent) => sum + agent.count.max, 0);
  return { pods: String(Math.min(instances, maxWorkers) + surge + proxies + 1), ...gpuQuota(agents, pools) };
}

/** Whether a rollout starts a new instance before it stops an old one; a GPU has no room for that. */
export function surges({ shape, resources }: AgentPlan): boolean {
  return shape === "stateless" && resources.gpu === undefined;
}

function gpuQuota(agents: readonly AgentPlan[], pools: readonly GpuPoolPlan[]): Record<string, string> {
  const wanted = new Map<string, number>();
  for (const pool of pools) {
    const users = agents.flatMap(({ count, resources: { gpu } }) => (gpu?.pool === pool.name ? [{ count, gpu }] : []));
    const [first] = users;
    if (first === undefined) continue;
    const demand = users.reduce((sum, { count, gpu }) => sum + count.max * gpu.count, 0);
    const key = `requests.${first.gpu.resource}`;
    wanted.set(key, (wanted.get(key) ?? 0) + Math.min(demand, pool.capacity));
  }
  return Object.fromEntries([...wanted].map(([key, count]) => [key, String(count)]));
}
