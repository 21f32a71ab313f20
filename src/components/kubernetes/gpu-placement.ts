import type { core } from "@pulumi/kubernetes/types/input.js";
import { gpuTaintKey, productLabel, usesPresentNodes } from "../../plan/fit.ts";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import { poolLabels } from "./labels.ts";

export const gpuTaint = { key: gpuTaintKey, value: "true", effect: "NoSchedule" } as const;

type Placement = Pick<core.v1.PodSpec, "nodeSelector" | "affinity" | "tolerations">;

/**
 * Where an agent may run: with GPUs on the nodes of its pool, without on nodes that have none. Nodes that swarmstack buys have
 * a taint against other pods; existing ones may have none.
 */
export function placement(plan: Plan, { resources: { gpu } }: AgentPlan): Placement {
  if (gpu === undefined) {
    if (!usesPresentNodes(plan)) return {};
    return required({ key: productLabel, operator: "DoesNotExist" });
  }
  const pool = plan.gpuPools.find(({ name }) => name === gpu.pool);
  if (pool === undefined) throw new TypeError(`pool ${gpu.pool} is not in the plan`);
  const tolerations = [{ key: gpuTaint.key, operator: "Exists", effect: gpuTaint.effect }];
  if (pool.provisioning !== "labelled") return { nodeSelector: poolLabels(pool), tolerations };
  return { ...required({ key: productLabel, operator: "In", values: [...pool.products] }), tolerations };
}

function required(expression: core.v1.NodeSelectorRequirement): Placement {
  const terms = { nodeSelectorTerms: [{ matchExpressions: [expression] }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } };
}
