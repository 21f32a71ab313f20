import * as pulumi from "@pulumi/pulumi";
import type { Counts } from "../plan/allocate.ts";
import type { Plan } from "../plan/plan.ts";
import { effectiveCounts, type WishChange } from "../plan/wish.ts";
import type { CreateTarget, Turn } from "./create-target.ts";
import { readEdge } from "./edge/read-edge.ts";
import { Desired, tokens } from "./resources.ts";
import type { Transforms } from "./transforms.ts";
import { writtenBy } from "./written-by.ts";

export interface AgentClusterArgs {
  readonly plan: Plan;
  /** What the caller asks to be changed; a bare `pulumi up` asks for nothing and keeps the wish. */
  readonly change?: WishChange | undefined;
  /** Id of the operation that the program runs for, if any. */
  readonly operation?: string | undefined;
  /** What `loadTarget` gives for the plan's target. */
  readonly target: CreateTarget;
  /** Folder of the blueprint: files of secrets and knowledge are relative to it. */
  readonly folder: string;
  /** Names of what runs of the cluster already, on a target whose engine would replace all at once. */
  readonly running?: ReadonlySet<string> | undefined;
  /** The way out: changes the arguments of children. */
  readonly transform?: Transforms | undefined;
}

/** A cluster of agents on one target: the wish first, then everything that the plan has for the target. */
export class AgentCluster extends pulumi.ComponentResource {
  readonly counts: pulumi.Output<Counts>;

  constructor(name: string, args: AgentClusterArgs, options?: pulumi.ComponentResourceOptions) {
    const { plan, change, operation } = args;
    const about = { blueprint: plan.blueprint.id, target: plan.target.kind, plugins: writtenBy(process.env) };
    // In the middle of an operation a destroy by hand is refused, by the engine itself.
    const protect = change?.phase !== undefined;
    super(tokens.cluster, name, about, { ...options, ...(protect && { protect }) });

    const desired = createDesired(this);
    // What has moved elsewhere leaves nothing but the word of it.
    if (change?.moved === undefined) createTarget(this);
    this.counts = desired.document.apply(effectiveCounts);
    this.registerOutputs({ counts: this.counts });

    function createDesired(parent: AgentCluster): Desired {
      const { cluster, place, blueprint, bounds } = plan;
      const { id, version, digest } = blueprint;
      const args = { cluster, place, blueprint: { id, version, digest }, bounds, operation, change };
      return new Desired(`${name}-desired`, args, { parent });
    }

    function createTarget(parent: AgentCluster): void {
      const { target, folder, transform = {}, running = new Set() } = args;
      target({ plan, desired, parent, edge: readEdge(folder), transform, running, turns: turnsOf(change) });
    }
  }
}

function turnsOf(change: WishChange | undefined): Turn | undefined {
  const turns = { active: "waking", hibernated: "sleeping" } as const;
  return change?.power === undefined ? undefined : turns[change.power];
}
