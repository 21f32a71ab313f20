import type { core } from "@pulumi/kubernetes/types/input.js";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import { poolLabels } from "./labels.ts";

export const gpuTaint = { key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" } as const;

type Placement = Pick<core.v1.PodSpec, "nodeSelector" | "affinity" | "tolerations">;

/** Where an agent that needs GPUs may run: on the nodes of its pool, which keep everybody else away. */
export function placement(plan: Plan, { resources: { gpu } }: AgentPlan): Placement {
  if (gpu === undefined) return {};
  const pool = plan.gpuPools.find(({ name }) => name === gpu.pool);
  if (pool === undefined) throw new TypeError(`pool ${gpu.pool} is not in the plan`);
  const tolerations = [{ key: gpuTaint.key, operator: "Exists", effect: gpuTaint.effect }];
  if (pool.provisioning !== "labelled") return { nodeSelector: poolLabels(pool), tolerations };
  const product = { key: "nvidia.com/gpu.product", operator: "In", values: [...pool.products] };
  const required = { nodeSelectorTerms: [{ matchExpressions: [product] }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } }, tolerations };
}
