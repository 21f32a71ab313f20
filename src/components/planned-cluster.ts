import * as pulumi from "@pulumi/pulumi";
import type { AgentReplicas } from "../plan/allocate.ts";
import type { DesiredStatePatch } from "../plan/desired-state.ts";
import { type ClusterArgs, createCluster } from "./create-cluster.ts";
import { tokens } from "./resources.ts";
import { writtenBy } from "./written-by.ts";

export interface PlannedClusterArgs extends ClusterArgs {
  /** The change that the caller requests; a bare `pulumi up` requests none and keeps the desired state. */
  readonly change?: DesiredStatePatch | undefined;
  /** Id of the operation that the program runs for, if any. */
  readonly operation?: string | undefined;
}

/** The cluster of a stack of swarmctl, from a plan. */
export class PlannedCluster extends pulumi.ComponentResource {
  readonly counts: pulumi.Output<AgentReplicas>;

  constructor(name: string, args: PlannedClusterArgs, options?: pulumi.ComponentResourceOptions) {
    const { plan, change, operation } = args;
    const about = { blueprint: plan.blueprint.id, target: plan.target.kind, plugins: writtenBy(process.env) };
    // During an operation the engine refuses a manual destroy.
    const protect = change?.phase !== undefined;
    super(tokens.cluster, name, about, { ...options, ...(protect && { protect }) });

    this.counts = createCluster(this, args, { change, operation }).counts;
    this.registerOutputs({ counts: this.counts });
  }
}
