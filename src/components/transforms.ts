// biome-ignore-all lint/suspicious/noTsIgnore: programs without an optional package compile the declarations of this file too
/** @ts-ignore: an optional package */
import type { ClusterArgs } from "@pulumi/aws/eks/index.js";
import type { ContainerArgs } from "@pulumi/docker/container.js";
/** @ts-ignore: an optional package */
import type { DeploymentArgs, StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/index.js";
/** @ts-ignore: an optional package */
import type { NamespaceArgs } from "@pulumi/kubernetes/core/v1/index.js";
import type { AgentPlan } from "../plan/plan.ts";

/** Transforms by type of resource: each takes the compiled arguments of a child, and returns those to use. */
export interface Transforms {
  readonly namespace?: (args: NamespaceArgs) => NamespaceArgs;
  readonly deployment?: (args: DeploymentArgs, agent: AgentPlan) => DeploymentArgs;
  readonly statefulSet?: (args: StatefulSetArgs, agent: AgentPlan) => StatefulSetArgs;
  readonly container?: (args: ContainerArgs, agent: AgentPlan, ordinal: number) => ContainerArgs;
  readonly eksCluster?: (args: ClusterArgs) => ClusterArgs;
}
