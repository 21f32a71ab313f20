import * as pulumi from "@pulumi/pulumi";
import type { AgentReplicas } from "../plan/allocate.ts";
import type { DesiredStatePatch } from "../plan/desired-state.ts";
import { type ClusterArgs, createCluster } from "./create-cluster.ts";
import { tokens } from "./resources.ts";
import { writtenBy } from "./written-by.ts";

export interface PlannedClusterArgs extends ClusterArgs {
  /** What the caller asks to be changed; a bare `pulumi up` asks for nothing and keeps the wish. */
  readonly change?: DesiredStatePatch | undefined;
  /** Id of the operation that the program runs for, if any. */
  readonly operation?: string | undefined;
}

/** The cluster of one of our own stacks, out of a plan. */
export class PlannedCluster extends pulumi.ComponentResource {
  readonly counts: pulumi.Output<AgentReplicas>;

  constructor(name: string, args: PlannedClusterArgs, options?: pulumi.ComponentResourceOptions) {
    const { plan, change, operation } = args;
    const about = { blueprint: plan.blueprint.id, target: plan.target.kind, plugins: writtenBy(process.env) };
    // In the middle of an operation a destroy by hand is refused, by the engine itself.
    const protect = change?.phase !== undefined;
    super(tokens.cluster, name, about, { ...options, ...(protect && { protect }) });

    this.counts = createCluster(this, args, { change, operation }).counts;
    this.registerOutputs({ counts: this.counts });
  }
}
