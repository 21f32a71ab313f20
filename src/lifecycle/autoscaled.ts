import type { AgentReplicas } from "../plan/allocate.ts";
import type { AgentPlan } from "../plan/plan.ts";
import { isScaledByUs } from "../plan/scaling.ts";
import { targets } from "../targets/targets.ts";
import { instancesOf, reached } from "./instances.ts";
import type { Run } from "./run.ts";
import { planOf } from "./source.ts";

/** Lists the agents of a cluster whose replicas an autoscaler controls. */
export async function autoscaledAgents({ cluster }: Run): Promise<readonly AgentPlan[]> {
  const { agents } = planOf(cluster);
  return agents.filter(({ scaling: { kind } }) => kind === "hpa" || kind === "keda");
}

/**
 * Counts the replicas of each agent whose count is written without the engine, by an autoscaler of Kubernetes or by ours. The
 * desired state does not record these counts.
 */
export async function autoscaledReplicas(run: Run): Promise<AgentReplicas> {
  const { target, agents: all } = planOf(run.cluster);
  const agents = all.filter(
    ({ scaling }) =>
      scaling.kind === "hpa" || scaling.kind === "keda" || (targets[target.kind].fastCounts && isScaledByUs(scaling)),
  );
  if (agents.length === 0) return {};
  const instances = await instancesOf(await reached(run), run.signal);
  return Object.fromEntries(
    agents.map(({ key, count: { min, max } }) => {
      const present = instances.filter(
        ({ agent, state, retiring }) => agent === key && state !== "stopping" && retiring !== true,
      ).length;
      return [key, Math.min(max, Math.max(min, present))];
    }),
  );
}
