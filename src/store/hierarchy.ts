import type { ClusterAgent } from "./agents.ts";

/** An instance and the instances that report to it. */
export interface Subtree {
  readonly agent: ClusterAgent;
  readonly subordinates: readonly Subtree[];
}

/**
 * The instances as trees. An instance is a root if it reports to no instance, to a missing one, or is part of a
 * cycle: every instance is in the result exactly once.
 */
export function hierarchy(agents: readonly ClusterAgent[]): readonly Subtree[] {
  const present = new Set(agents.map((agent) => agent.instance));
  const reports = new Map<string, ClusterAgent[]>();
  for (const agent of agents) {
    if (agent.parent === null) continue;
    reports.set(agent.parent, [...(reports.get(agent.parent) ?? []), agent]);
  }
  const placed = new Set<string>();
  const grow = (agent: ClusterAgent): Subtree => {
    placed.add(agent.instance);
    const below = (reports.get(agent.instance) ?? []).filter((one) => !placed.has(one.instance));
    return { agent, subordinates: below.map(grow) };
  };
  const tops = agents.filter((agent) => agent.parent === null || !present.has(agent.parent)).map(grow);
  const circles: Subtree[] = [];
  for (const agent of agents) if (!placed.has(agent.instance)) circles.push(grow(agent));
  return [...tops, ...circles];
}
