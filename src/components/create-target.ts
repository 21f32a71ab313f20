import type * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";
import type { Resolver } from "./resolver/resolver.ts";
import type { Desired } from "./resources.ts";
import type { Transforms } from "./transforms.ts";

/** The direction in which an update changes the power state: it decides the order of resources. */
export type PowerTransition = "waking" | "sleeping";

export interface TargetContext {
  readonly plan: Plan;
  readonly desired: Desired;
  readonly parent: pulumi.ComponentResource;
  readonly resolver: Resolver;
  readonly transform: Transforms;
  readonly transition: PowerTransition | undefined;
  /** Names of running instances, where the program has to replace them one at a time. */
  readonly running: ReadonlySet<string>;
}

/** Outputs for programs; absent where the target has none. */
export interface TargetOutputs {
  /** URL of the agent API inside the control plane: that of a Service, so it is stable across restarts. */
  readonly endpoint?: pulumi.Output<string>;
  /** Namespace of the agents. */
  readonly namespace?: pulumi.Output<string>;
}

/** Creates the resources of a plan on one target. */
export type CreateTarget = (context: TargetContext) => TargetOutputs;
