import type { AgentPlan } from "./plan.ts";

/** Agents in the order of their hierarchy: each comes after the agent that it reports to. File order within a level. */
export function sortByReportsTo<Agent extends Pick<AgentPlan, "key" | "parent">>(agents: readonly Agent[]): Agent[] {
  const byKey = new Map(agents.map((agent) => [agent.key, agent]));
  const ordered = new Set<Agent>();
  function add(agent: Agent): void {
    if (ordered.has(agent)) return;
    const reportsTo = agent.parent === undefined ? undefined : byKey.get(agent.parent);
    if (reportsTo !== undefined && reportsTo !== agent) add(reportsTo);
    ordered.add(agent);
  }
  for (const agent of agents) add(agent);
  return [...ordered];
}
