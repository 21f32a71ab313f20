import type * as pulumi from "@pulumi/pulumi";
import type { AgentReplicas } from "../plan/allocate.ts";
import { type DesiredStatePatch, effectiveReplicas } from "../plan/desired-state.ts";
import type { Plan } from "../plan/plan.ts";
import type { CreateTarget, PowerTransition, TargetOutputs } from "./create-target.ts";
import { createResolver } from "./resolver/create-resolver.ts";
import { Desired, type DesiredArgs } from "./resources.ts";
import type { Transforms } from "./transforms.ts";

export interface ClusterArgs {
  readonly plan: Plan;
  /** The result of `loadTarget` for the plan's target. */
  readonly target: CreateTarget;
  /** Folder of the blueprint: paths of secrets and knowledge are relative to it. */
  readonly folder: string;
  /** Names of running instances, on a target whose engine would replace all at once. */
  readonly running?: ReadonlySet<string> | undefined;
  /** Changes the arguments of children before they are created. */
  readonly transform?: Transforms | undefined;
}

/** What decides about the desired state: the runner with its changes, or a program that embeds the cluster. */
export type DesiredSource = Pick<DesiredArgs, "change" | "operation" | "embedded" | "targetWorkers">;

export interface ClusterOutputs extends TargetOutputs {
  readonly counts: pulumi.Output<AgentReplicas>;
}

/** Creates the children of a cluster's component: the desired state first, then the resources of the target. */
export function createCluster(
  parent: pulumi.ComponentResource,
  { plan, target, folder, transform = {}, running = new Set() }: ClusterArgs,
  source: DesiredSource,
): ClusterOutputs {
  const { change } = source;
  const desired = createDesired();
  // Of a cluster that has moved away, only the desired state stays, as a tombstone.
  const outputs = change?.moved === undefined ? createTarget() : {};
  return { ...outputs, counts: desired.document.apply(effectiveReplicas) };

  function createDesired(): Desired {
    const { cluster, place: location, blueprint, bounds } = plan;
    const { id, version, digest } = blueprint;
    const args = { cluster, place: location, blueprint: { id, version, digest }, bounds, ...source };
    return new Desired(`${cluster}-desired`, args, { parent });
  }

  function createTarget(): TargetOutputs {
    return target({
      plan,
      desired,
      parent,
      resolver: createResolver(folder),
      transform,
      running,
      transition: transitionOf(change),
    });
  }
}

function transitionOf(change: DesiredStatePatch | undefined): PowerTransition | undefined {
  const transition = { active: "waking", hibernated: "sleeping" } as const;
  return change?.power === undefined ? undefined : transition[change.power];
}
