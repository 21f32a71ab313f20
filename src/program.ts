import { dirname, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type BlueprintSource, parseSource, readSource } from "./blueprint/load.ts";
import { type TargetKind, targetKinds } from "./blueprint/model.ts";
import { PlannedCluster } from "./components/planned-cluster.ts";
import { SwarmError } from "./errors.ts";
import type { DesiredStatePatch } from "./plan/desired-state.ts";
import { prepareCluster } from "./program/prepare-cluster.ts";
import { projectRoot } from "./program/project-root.ts";

export interface ProgramOptions {
  /** By its absolute path. Without it the file of SWARM_BLUEPRINT, or of the stack's configuration `swarmstack:blueprint`. */
  readonly source?: BlueprintSource | undefined;
  /** Without it SWARM_TARGET, or what the blueprint says. */
  readonly target?: TargetKind | undefined;
  /** Of the kubeconfig, where the blueprint names none: the recorded one. Without it SWARM_CONTEXT, or the current one. */
  readonly context?: string | undefined;
  readonly change?: DesiredStatePatch | undefined;
  /** Id of the operation that it runs for. Without it SWARM_OPERATION_ID. */
  readonly operation?: string | undefined;
}

/**
 * The Pulumi program: one cluster, named after its stack. `pulumi up` runs it as it is; the runner passes options.
 */
export default async function program(options: ProgramOptions = {}): Promise<Record<string, unknown>> {
  const cluster = pulumi.getStack();
  try {
    const source = options.source ?? (await readSource(configuredBlueprint()));
    const kind = options.target ?? environmentTarget();
    const blueprint = parseSource(source, { target: kind });
    const { context: written } = blueprint.cluster.target;
    const given = options.context ?? (process.env.SWARM_CONTEXT || undefined);
    // Where it was put by an option, the file does not say where that is.
    const context = kind === undefined ? (written ?? given) : (given ?? written);
    const dockerContext = kind === undefined ? written : context;
    const prepared = await prepareCluster(blueprint, { cluster, target: kind, context, dockerContext, source });
    const { change, operation = process.env.SWARM_OPERATION_ID || undefined } = options;
    const { counts } = new PlannedCluster(cluster, { ...prepared, change, operation, folder: dirname(source.file) });
    const { plan } = prepared;
    return { cluster, blueprint: plan.blueprint, target: plan.target.kind, counts };
  } catch (error) {
    // RunError: the engine shows the message alone, without a stack.
    if (error instanceof SwarmError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

function environmentTarget(): TargetKind | undefined {
  const word = process.env.SWARM_TARGET;
  if (!word) return undefined;
  const kind = targetKinds.find((one) => one === word);
  if (kind === undefined)
    throw new pulumi.RunError(`SWARM_TARGET is ${word}, and not one of ${targetKinds.join(", ")}`);
  return kind;
}

function configuredBlueprint(): string {
  const path = process.env.SWARM_BLUEPRINT ?? new pulumi.Config("swarmstack").require("blueprint");
  return isAbsolute(path) ? path : join(projectRoot(), path);
}
