import { labelKeys } from "../../names.ts";
import type { AgentPlan, GpuPoolPlan, Plan } from "../../plan/plan.ts";
import type { KubernetesScope } from "./scope.ts";

export { labelKeys };

/** Labels of all resources of a cluster. */
export function clusterLabels({ resource }: Plan): Record<string, string> {
  return { "app.kubernetes.io/managed-by": "swarmstack", [labelKeys.cluster]: resource };
}

/** The selector of a workload's pods: immutable. */
export function agentSelector({ resource }: Plan, agent: AgentPlan): Record<string, string> {
  return { [labelKeys.cluster]: resource, [labelKeys.agent]: agent.resource };
}

export function agentLabels(plan: Plan, agent: AgentPlan): Record<string, string> {
  return { ...clusterLabels(plan), ...agentSelector(plan, agent), [labelKeys.role]: agent.role };
}

/** Labels of a part of the cluster that is not an agent, such as its proxy. */
export function partSelector({ resource }: Plan, part: string): Record<string, string> {
  return { [labelKeys.cluster]: resource, [labelKeys.part]: part };
}

/** Label of the nodes of a pool, and node selector of its pods. */
export function poolLabels(pool: GpuPoolPlan): Record<string, string> {
  return { [labelKeys.gpuPool]: pool.resource };
}

/** Metadata of a resource in the namespace. */
export function inNamespace({ plan, namespace }: KubernetesScope, name: string, labels: Record<string, string> = {}) {
  return { name, namespace, labels: { ...clusterLabels(plan), ...labels } };
}

export function clusterWide({ plan }: KubernetesScope, name: string) {
  return { name, labels: clusterLabels(plan) };
}
