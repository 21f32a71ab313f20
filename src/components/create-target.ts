import type * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";
import type { Edge } from "./edge/edge.ts";
import type { Desired } from "./resources.ts";
import type { Transforms } from "./transforms.ts";

/** Which way an update turns a cluster: it decides what goes first. */
export type Turn = "waking" | "sleeping";

export interface TargetContext {
  readonly plan: Plan;
  readonly desired: Desired;
  readonly parent: pulumi.ComponentResource;
  readonly edge: Edge;
  readonly transform: Transforms;
  readonly turns: Turn | undefined;
  /** Names of what runs of the cluster already, where the program has to see to it that they are replaced one at a time. */
  readonly running: ReadonlySet<string>;
}

/** Makes everything that a plan has for one target. */
export type CreateTarget = (context: TargetContext) => void;
