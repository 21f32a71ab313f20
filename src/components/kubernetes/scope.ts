import type * as pulumi from "@pulumi/pulumi";
import type { AgentReplicas } from "../../plan/allocate.ts";
import type { Pins } from "../../plan/pins.ts";
import type { AgentPlan, KubernetesPlan, Plan } from "../../plan/plan.ts";
import type { Resolver } from "../resolver/resolver.ts";
import type { ConnectionArgs } from "../resources.ts";
import type { Transforms } from "../transforms.ts";

/** The settings that all resources of a cluster on Kubernetes share. */
export interface KubernetesScope {
  readonly plan: Plan;
  readonly kubernetes: KubernetesPlan;
  readonly connection: ConnectionArgs;
  /** Name of the namespace; an output of the Namespace resource where that is ours, so that resources in it depend on it. */
  readonly namespace: pulumi.Input<string>;
  readonly uid: pulumi.Output<string>;
  /** Name of the cluster, also where it was moved here from another stack. */
  readonly cluster: pulumi.Output<string>;
  /** Id of the operation that moves the cluster's state here from another stack. */
  readonly arrival: pulumi.Output<string | undefined>;
  readonly generation: pulumi.Output<number>;
  /** Counts that people set. */
  readonly pins: pulumi.Output<Pins | undefined>;
  /** Counts of the desired state, also while the cluster hibernates. */
  readonly desiredReplicas: pulumi.Output<AgentReplicas>;
  /** Counts to run: zero while it hibernates. */
  readonly replicas: pulumi.Output<AgentReplicas>;
  readonly asleep: pulumi.Output<boolean>;
  /** Whether controllers that write counts are suspended (src/plan/desired-state.ts). */
  readonly autoscalersPaused: pulumi.Output<boolean>;
  /** Names of the sets that have pods and are replaced one at a time; none in an update that hibernates or reactivates the cluster. */
  readonly replacedOneByOne: ReadonlySet<string>;
  readonly resolver: Resolver;
  readonly transform: Transforms;
  /** Storage class of the instances' volumes, and of the shared one; undefined: the cluster's default. */
  readonly storage: { readonly state?: pulumi.Input<string>; readonly shared?: pulumi.Input<string> };
  readonly options: {
    readonly parent: pulumi.ComponentResource;
    readonly provider: pulumi.ProviderResource;
    /** The desired state: it is in the state before any other resource. */
    readonly dependsOn: pulumi.Resource;
  };
}

export function replicasOf({ replicas: counts }: KubernetesScope, { key }: AgentPlan): pulumi.Output<number> {
  return counts.apply((all) => all[key] ?? 0);
}
