import * as pulumi from "@pulumi/pulumi";
import type { TargetKind } from "../blueprint/model.ts";
import type { Counts } from "../plan/allocate.ts";
import type { Plan } from "../plan/plan.ts";
import type { WishChange } from "../plan/wish.ts";
import { createLocal } from "./local/local.ts";
import { Desired, tokens } from "./resources.ts";

export interface AgentClusterArgs {
  readonly plan: Plan;
  /** What the caller asks to be changed; a bare `pulumi up` asks for nothing and keeps the wish. */
  readonly change?: WishChange | undefined;
}

type CreateTarget = (plan: Plan, desired: Desired, parent: pulumi.ComponentResource) => void;

const targets: Partial<Record<TargetKind, CreateTarget>> = { local: createLocal };

/** A cluster of agents on one target: the wish first, then everything that the plan has for the target. */
export class AgentCluster extends pulumi.ComponentResource {
  readonly counts: pulumi.Output<Counts>;

  constructor(name: string, args: AgentClusterArgs, options?: pulumi.ComponentResourceOptions) {
    const { plan, change } = args;
    super(tokens.cluster, name, { blueprint: plan.blueprint.id, target: plan.target.kind }, options);

    const desired = createDesired(this);
    createTarget(this);
    this.counts = desired.document.apply((wish) => wish.counts);
    this.registerOutputs({ counts: this.counts });

    function createDesired(parent: AgentCluster): Desired {
      const { cluster, target, blueprint, bounds } = plan;
      const { id, version, digest } = blueprint;
      const args = { cluster, target: target.kind, blueprint: { id, version, digest }, bounds, change };
      return new Desired(`${name}-desired`, args, { parent });
    }

    function createTarget(parent: AgentCluster): void {
      const create = targets[plan.target.kind];
      if (create === undefined) {
        throw new pulumi.RunError(`target "${plan.target.kind}" cannot run yet; use one of ${Object.keys(targets).join(", ")}`);
      }
      create(plan, desired, parent);
    }
  }
}
