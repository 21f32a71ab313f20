import type * as pulumi from "@pulumi/pulumi";
import type { AgentReplicas } from "../../plan/allocate.ts";
import type { AgentPlan, KubernetesPlan, Plan } from "../../plan/plan.ts";
import type { Resolver } from "../resolver/resolver.ts";
import type { ConnectionArgs } from "../resources.ts";
import type { Transforms } from "../transforms.ts";

/** What every resource of a cluster on Kubernetes needs to know. */
export interface KubernetesScope {
  readonly plan: Plan;
  readonly kubernetes: KubernetesPlan;
  readonly connection: ConnectionArgs;
  /** Of the Namespace resource where it is ours, so that everything in it comes after it. */
  readonly namespace: pulumi.Input<string>;
  readonly uid: pulumi.Output<string>;
  /** Name of the cluster, wherever it has come from. */
  readonly cluster: pulumi.Output<string>;
  /** Id of the operation that brings the cluster's state here, where it comes from another stack. */
  readonly arrival: pulumi.Output<string | undefined>;
  readonly generation: pulumi.Output<number>;
  /** Of the wish, also while the cluster hibernates. */
  readonly desiredReplicas: pulumi.Output<AgentReplicas>;
  /** How many shall run: none while it hibernates. */
  readonly replicas: pulumi.Output<AgentReplicas>;
  readonly asleep: pulumi.Output<boolean>;
  /** Whether controllers that write counts stand still (src/plan/desired-state.ts). */
  readonly autoscalersPaused: pulumi.Output<boolean>;
  /** Names of the sets that have pods and are replaced one at a time; none in an update that sends all to sleep, or wakes them. */
  readonly replacedOneByOne: ReadonlySet<string>;
  readonly resolver: Resolver;
  readonly transform: Transforms;
  /** Class of the volumes of instances, and of the shared one; undefined: the cluster's default. */
  readonly storage: { readonly state?: pulumi.Input<string>; readonly shared?: pulumi.Input<string> };
  readonly options: {
    readonly parent: pulumi.ComponentResource;
    readonly provider: pulumi.ProviderResource;
    /** The wish: it is in the state before anything else is there. */
    readonly dependsOn: pulumi.Resource;
  };
}

export function replicasOf({ replicas: counts }: KubernetesScope, { key }: AgentPlan): pulumi.Output<number> {
  return counts.apply((all) => all[key] ?? 0);
}
