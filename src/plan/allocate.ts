import { SwarmError } from "../errors.ts";

/** How many instances each agent has, by agent key. */
export type AgentReplicas = Readonly<Record<string, number>>;

export interface AgentRange {
  readonly key: string;
  readonly min: number;
  readonly max: number;
}

/** The limits of a cluster's size: the ranges of the agents, in file order, and of the cluster. */
export interface ReplicaLimits {
  readonly agents: readonly AgentRange[];
  readonly minWorkers: number;
  readonly maxWorkers: number;
}

/** The size of a new cluster without a requested size: `min_workers`, or the sum of the minima where that is larger. */
export function defaultTarget(limits: ReplicaLimits): number {
  return Math.max(limits.minWorkers, sum(limits.agents, "min"));
}

/**
 * Distributes `target` instances over the agents: each gets its minimum, the rest goes one by one to the agent that is
 * furthest below its proportional share of the spare room (largest remainder), ties by file order.
 *
 * Distribution one by one is monotone: a higher target never lowers the count of an agent (plain largest
 * remainder does: M. Balinski, H. P. Young, "Fair Representation", 1982, the Alabama paradox).
 *
 * @throws SwarmError SW608 when the target is outside the ranges of the agents or the cluster, with the numbers
 */
export function allocate(target: number, limits: ReplicaLimits): AgentReplicas {
  refuseImpossible(target, limits);
  const spare = limits.agents.map((agent) => agent.max - agent.min);
  const totalSpare = spare.reduce((total, room) => total + room, 0);
  const extra = spare.map(() => 0);
  const toShare = target - sum(limits.agents, "min");
  for (let handed = 1; handed <= toShare; handed++) {
    let next = 0;
    let furthest = -1;
    for (const [index, room] of spare.entries()) {
      const below = (room * handed) / totalSpare - (extra[index] ?? 0);
      if (below > furthest + 1e-9) {
        next = index;
        furthest = below;
      }
    }
    extra[next] = (extra[next] ?? 0) + 1;
  }
  return Object.fromEntries(limits.agents.map((agent, index) => [agent.key, agent.min + (extra[index] ?? 0)]));
}

/**
 * The counts of a running cluster under new limits (an edited blueprint): each agent keeps its count as far as its new
 * range allows, new agents start with their minimum, and the sum is raised to the default target if it is below.
 *
 * @throws SwarmError SW608 when the running instances exceed max_workers
 */
export function fitReplicas(old: AgentReplicas, limits: ReplicaLimits): AgentReplicas {
  const kept = limits.agents.map((agent) => ({
    ...agent,
    count: Math.min(agent.max, Math.max(agent.min, old[agent.key] ?? agent.min)),
  }));
  const total = kept.reduce((sumOfCounts, agent) => sumOfCounts + agent.count, 0);
  const target = Math.min(limits.maxWorkers, Math.max(total, defaultTarget(limits)));
  if (total > target) return allocate(target, limits);
  const floor = kept.map(({ key, max, count }) => ({ key, min: count, max }));
  return allocate(target, { ...limits, agents: floor });
}

/**
 * Counts with those of single agents replaced.
 *
 * @throws SwarmError SW608 where one is outside its agent's range, or the sum outside the cluster's
 */
export function withReplicas(counts: AgentReplicas, changes: AgentReplicas, limits: ReplicaLimits): AgentReplicas {
  const ranges = new Map(limits.agents.map((agent) => [agent.key, agent]));
  for (const [key, count] of Object.entries(changes)) {
    const range = ranges.get(key);
    if (range !== undefined && count >= range.min && count <= range.max) continue;
    const why = range === undefined ? "there is no such agent" : `its range is ${range.min} to ${range.max}`;
    throw new SwarmError("SW608", `${key} cannot have ${count} instances: ${why}`, { values: { key, count, range } });
  }
  const changed = { ...counts, ...changes };
  const total = Object.values(changed).reduce((all, count) => all + count, 0);
  if (total >= limits.minWorkers && total <= limits.maxWorkers) return changed;
  const { minWorkers, maxWorkers } = limits;
  const limit = total > maxWorkers ? `over max_workers (${maxWorkers})` : `under min_workers (${minWorkers})`;
  throw new SwarmError("SW608", `the cluster's size (${total}) is ${limit}`, {
    values: { total, minWorkers, maxWorkers },
  });
}

/**
 * Distributes `count` instances over some of the agents, as `allocate` does over all.
 *
 * @throws SwarmError SW608 when their ranges do not allow it
 */
export function allocateAmong(keys: readonly string[], count: number, { agents }: ReplicaLimits): AgentReplicas {
  const some = agents.filter(({ key }) => keys.includes(key));
  return allocate(count, { agents: some, minWorkers: sum(some, "min"), maxWorkers: sum(some, "max") });
}

function refuseImpossible(target: number, limits: ReplicaLimits): void {
  const sumMin = sum(limits.agents, "min");
  const sumMax = sum(limits.agents, "max");
  const numbers = { target, sumMin, sumMax, minWorkers: limits.minWorkers, maxWorkers: limits.maxWorkers };
  if (!Number.isInteger(target) || target < 0) {
    throw new SwarmError("SW608", `target_workers (${target}) is not a whole number`, { values: numbers });
  }
  if (target > limits.maxWorkers) {
    throw new SwarmError("SW608", `target_workers (${target}) is over max_workers (${limits.maxWorkers})`, {
      values: numbers,
      hints: [`ask for at most ${Math.min(limits.maxWorkers, sumMax)}, or raise cluster.max_workers`],
    });
  }
  if (target > sumMax) {
    const maxima = limits.agents.map((agent) => `${agent.key} ${agent.max}`).join(" + ");
    throw new SwarmError(
      "SW608",
      `target_workers (${target}) is over the sum of the agents' maxima (${sumMax} = ${maxima})`,
      {
        values: numbers,
        hints: [`ask for at most ${sumMax}, or raise the upper end of an agent's count`],
      },
    );
  }
  const least = Math.max(sumMin, limits.minWorkers);
  if (target < least) {
    const reason = sumMin >= limits.minWorkers ? "the sum of the agents' minima" : "min_workers";
    throw new SwarmError("SW608", `target_workers (${target}) is under ${reason} (${least})`, { values: numbers });
  }
}

function sum(agents: readonly AgentRange[], end: "min" | "max"): number {
  return agents.reduce((total, agent) => total + agent[end], 0);
}
