import type * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";
import type { Resolver } from "./resolver/resolver.ts";
import type { Desired } from "./resources.ts";
import type { Transforms } from "./transforms.ts";

/** Which way an update turns a cluster: it decides what goes first. */
export type PowerTransition = "waking" | "sleeping";

export interface TargetContext {
  readonly plan: Plan;
  readonly desired: Desired;
  readonly parent: pulumi.ComponentResource;
  readonly resolver: Resolver;
  readonly transform: Transforms;
  readonly transition: PowerTransition | undefined;
  /** Names of what runs of the cluster already, where the program has to see to it that they are replaced one at a time. */
  readonly running: ReadonlySet<string>;
}

/** What programs may want to know of a cluster on its target; absent where the target has no such thing. */
export interface TargetOutputs {
  /** URL of the agent API inside the control plane: that of a Service, so it stays the same across restarts. */
  readonly endpoint?: pulumi.Output<string>;
  /** Namespace of the agents. */
  readonly namespace?: pulumi.Output<string>;
}

/** Makes everything that a plan has for one target. */
export type CreateTarget = (context: TargetContext) => TargetOutputs;
