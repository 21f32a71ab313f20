import type { core } from "@pulumi/kubernetes/types/input.js";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import { agentSelector } from "./labels.ts";

/**
 * Instances of an agent prefer different zones and nodes. Karpenter treats even a preference as a
 * requirement and would buy a GPU node for each of them: on nodes that it buys, they fill one before it buys the next.
 */
export function spread(plan: Plan, agent: AgentPlan): Pick<core.v1.PodSpec, "topologySpreadConstraints"> {
  const pool = plan.gpuPools.find(({ name }) => name === agent.resources.gpu?.pool);
  if (pool?.provisioning === "karpenter") return {};
  const topologySpreadConstraints = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: agentSelector(plan, agent) },
  }));
  return { topologySpreadConstraints };
}
