import type { AgentReplicas } from "../plan/allocate.ts";
import type { AgentPlan } from "../plan/plan.ts";
import { instancesOf, reached } from "./instances.ts";
import type { Run } from "./run.ts";
import { planOf } from "./source.ts";

/** Lists the agents of a cluster whose replicas an autoscaler controls. */
export async function autoscaledAgents({ cluster }: Run): Promise<readonly AgentPlan[]> {
  const { agents } = planOf(cluster);
  return agents.filter(({ scaling: { kind } }) => kind === "hpa" || kind === "keda");
}

/** Counts the replicas of each autoscaled agent; the desired state does not record them. */
export async function autoscaledReplicas(run: Run): Promise<AgentReplicas> {
  const agents = await autoscaledAgents(run);
  if (agents.length === 0) return {};
  const instances = await instancesOf(await reached(run), run.signal);
  return Object.fromEntries(
    agents.map(({ key, count: { min, max } }) => {
      const present = instances.filter(({ agent, state }) => agent === key && state !== "stopping").length;
      return [key, Math.min(max, Math.max(min, present))];
    }),
  );
}
