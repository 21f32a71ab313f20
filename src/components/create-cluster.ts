import type * as pulumi from "@pulumi/pulumi";
import type { Counts } from "../plan/allocate.ts";
import type { Plan } from "../plan/plan.ts";
import { effectiveCounts, type WishChange } from "../plan/wish.ts";
import type { CreateTarget, TargetOutputs, Turn } from "./create-target.ts";
import { readEdge } from "./edge/read-edge.ts";
import { Desired, type DesiredArgs } from "./resources.ts";
import type { Transforms } from "./transforms.ts";

export interface ClusterArgs {
  readonly plan: Plan;
  /** What `loadTarget` gives for the plan's target. */
  readonly target: CreateTarget;
  /** Folder of the blueprint: files of secrets and knowledge are relative to it. */
  readonly folder: string;
  /** Names of what runs of the cluster already, on a target whose engine would replace all at once. */
  readonly running?: ReadonlySet<string> | undefined;
  /** Changes the arguments of children before they are created. */
  readonly transform?: Transforms | undefined;
}

/** Who decides about the desired state: the runner with its changes, or a program that embeds the cluster. */
export type DesiredSource = Pick<DesiredArgs, "change" | "operation" | "embedded" | "targetWorkers">;

export interface ClusterOutputs extends TargetOutputs {
  readonly counts: pulumi.Output<Counts>;
}

/** Creates the children of a cluster's component: the desired state first, then what the plan has for the target. */
export function createCluster(
  parent: pulumi.ComponentResource,
  { plan, target, folder, transform = {}, running = new Set() }: ClusterArgs,
  source: DesiredSource,
): ClusterOutputs {
  const { change } = source;
  const desired = createDesired();
  // What has moved elsewhere leaves nothing but the word of it.
  const outputs = change?.moved === undefined ? createTarget() : {};
  return { ...outputs, counts: desired.document.apply(effectiveCounts) };

  function createDesired(): Desired {
    const { cluster, place, blueprint, bounds } = plan;
    const { id, version, digest } = blueprint;
    const args = { cluster, place, blueprint: { id, version, digest }, bounds, ...source };
    return new Desired(`${cluster}-desired`, args, { parent });
  }

  function createTarget(): TargetOutputs {
    return target({ plan, desired, parent, edge: readEdge(folder), transform, running, turns: turnsOf(change) });
  }
}

function turnsOf(change: WishChange | undefined): Turn | undefined {
  const turns = { active: "waking", hibernated: "sleeping" } as const;
  return change?.power === undefined ? undefined : turns[change.power];
}
