import { labelKeys } from "../../names.ts";
import type { AgentPlan, GpuPoolPlan, Plan } from "../../plan/plan.ts";
import type { KubernetesScope } from "./scope.ts";

export { labelKeys };

/** On everything of a cluster. */
export function clusterLabels({ resource }: Plan): Record<string, string> {
  return { "app.kubernetes.io/managed-by": "swarmstack", [labelKeys.cluster]: resource };
}

/** What a workload selects its pods by: it can never change. */
export function agentSelector({ resource }: Plan, agent: AgentPlan): Record<string, string> {
  return { [labelKeys.cluster]: resource, [labelKeys.agent]: agent.resource };
}

export function agentLabels(plan: Plan, agent: AgentPlan): Record<string, string> {
  return { ...clusterLabels(plan), ...agentSelector(plan, agent), [labelKeys.role]: agent.role };
}

/** A part of the cluster that is no agent, such as its proxy. */
export function partSelector({ resource }: Plan, part: string): Record<string, string> {
  return { [labelKeys.cluster]: resource, [labelKeys.part]: part };
}

/** On the nodes of a pool, and what its pods ask for. */
export function poolLabels(pool: GpuPoolPlan): Record<string, string> {
  return { [labelKeys.gpuPool]: pool.resource };
}

/** Metadata of a resource inside of the namespace. */
export function inNamespace({ plan, namespace }: KubernetesScope, name: string, labels: Record<string, string> = {}) {
  return { name, namespace, labels: { ...clusterLabels(plan), ...labels } };
}

export function clusterWide({ plan }: KubernetesScope, name: string) {
  return { name, labels: clusterLabels(plan) };
}
