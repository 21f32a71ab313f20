import { dirname, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type BlueprintSource, checkSource, readSource } from "../blueprint/load.ts";
import { type TargetKind, targetKinds } from "../blueprint/model.ts";
import { renderLine } from "../blueprint/render/text.ts";
import { PlannedCluster } from "../components/planned-cluster.ts";
import type { DesiredStatePatch } from "../plan/desired-state.ts";
import { prepareCluster } from "./prepare-cluster.ts";
import { projectRoot } from "./project-root.ts";
import { requireInputs } from "./require-inputs.ts";

export interface ProgramOptions {
  /** Blueprint, with its absolute path. Default: SWARM_BLUEPRINT, else the stack's configuration `swarmstack:blueprint`. */
  readonly source?: BlueprintSource | undefined;
  /** Default: SWARM_TARGET, else the blueprint's target. */
  readonly target?: TargetKind | undefined;
  /** Recorded context of the kubeconfig, if the blueprint names none. Default: SWARM_CONTEXT, else the current one. */
  readonly context?: string | undefined;
  readonly change?: DesiredStatePatch | undefined;
  /** Id of the operation that it runs for. Default: SWARM_OPERATION_ID. */
  readonly operation?: string | undefined;
}

/** A compiled program whose requirements were checked. */
export interface PreparedProgram {
  readonly source: BlueprintSource;
  readonly prepared: Awaited<ReturnType<typeof prepareCluster>>;
  readonly options: ProgramOptions;
}

/**
 * Compiles the blueprint and checks that its target, values and files exist. Creates nothing and needs no engine.
 *
 * @throws SwarmError as `prepareCluster` and `requireInputs` do
 */
export async function prepareProgram(
  cluster: string,
  options: ProgramOptions,
  warn: (text: string) => Promise<void>,
): Promise<PreparedProgram> {
  const source = options.source ?? (await readSource(configuredBlueprint()));
  const kind = options.target ?? environmentTarget();
  const { blueprint, warnings } = checkSource(source, { target: kind });
  // swarmctl passes the source and has already printed them.
  if (options.source === undefined) for (const one of warnings) await warn(renderLine(source.file, one));
  const { context: written } = blueprint.cluster.target;
  const given = options.context ?? (process.env.SWARM_CONTEXT || undefined);
  // If an option chose the target, the given context precedes the blueprint's.
  const context = kind === undefined ? (written ?? given) : (given ?? written);
  const dockerContext = kind === undefined ? written : context;
  const prepared = await prepareCluster(blueprint, { cluster, target: kind, context, dockerContext, source, warn });
  if (options.change?.moved === undefined)
    requireInputs(prepared.plan, { folder: dirname(source.file), source }, process.env);
  return { source, prepared, options };
}

/** Creates the resources of a prepared program, inside the engine. @returns the stack's outputs */
export function createProgram(
  cluster: string,
  { source, prepared, options }: PreparedProgram,
): Record<string, unknown> {
  const { change, operation = process.env.SWARM_OPERATION_ID || undefined } = options;
  const { counts } = new PlannedCluster(cluster, { ...prepared, change, operation, folder: dirname(source.file) });
  const { plan } = prepared;
  return { cluster, blueprint: plan.blueprint, target: plan.target.kind, counts };
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
