import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { loadBlueprint } from "./blueprint/load.ts";
import { type TargetKind, targetKinds } from "./blueprint/model.ts";
import { AgentCluster } from "./components/agent-cluster.ts";
import { loadTarget } from "./components/load-target.ts";
import { findControlPlane } from "./control-plane/kubeconfig.ts";
import { listNodes } from "./control-plane/nodes.ts";
import { setsWithPods } from "./control-plane/sets.ts";
import { findDocker } from "./docker-host/address.ts";
import { runningContainers } from "./docker-host/containers.ts";
import { requireImages } from "./docker-host/images.ts";
import { SwarmError } from "./errors.ts";
import { compile } from "./plan/compile.ts";
import { refuseUnfitting, usesPresentNodes } from "./plan/fit.ts";
import { images } from "./plan/images.ts";
import type { Plan } from "./plan/plan.ts";
import type { WishChange } from "./plan/wish.ts";

export interface ProgramOptions {
  /** Absolute path; without it SWARM_BLUEPRINT, or the stack's configuration `swarmstack:blueprint`. */
  readonly blueprint?: string | undefined;
  /** Without it SWARM_TARGET, or what the blueprint says. */
  readonly target?: TargetKind | undefined;
  /** Of the kubeconfig, where the blueprint names none: the recorded one. Without it SWARM_CONTEXT, or the current one. */
  readonly context?: string | undefined;
  readonly change?: WishChange | undefined;
  /** Id of the operation that it runs for. Without it SWARM_OPERATION_ID. */
  readonly operation?: string | undefined;
  /** Folder that files of the blueprint are relative to. Without it the blueprint's own. */
  readonly folder?: string | undefined;
}

/**
 * The Pulumi program: one cluster, named after its stack. `pulumi up` runs it as it is; the runner passes options.
 */
export default async function program(options: ProgramOptions = {}): Promise<Record<string, unknown>> {
  const cluster = pulumi.getStack();
  try {
    const file = options.blueprint ?? configuredBlueprint();
    const kind = options.target ?? environmentTarget();
    const blueprint = await loadBlueprint(file, { target: kind });
    const { target: written } = blueprint.cluster;
    const given = options.context ?? (process.env.SWARM_CONTEXT || undefined);
    // Where it was put by an option, the file does not say where that is.
    const context = kind === undefined ? (written.context ?? given) : (given ?? written.context);
    const controlPlane = written.kind === "kubernetes" ? findControlPlane(context, process.env) : undefined;
    const host = kind === undefined ? written.context : context;
    const docker = written.kind === "docker" ? findDocker(host, process.env) : undefined;
    const server = docker && { context: host, server: docker.url };
    const plan = compile(blueprint, { cluster, target: kind, controlPlane: controlPlane ?? server });
    if (docker !== undefined) await requireImages(docker, builtinImages(plan));
    const running = docker === undefined ? await setsOf(plan) : await runningContainers(docker, plan.resource);
    if (plan.target.kind === "kubernetes" && usesPresentNodes(plan)) await checkNodes(plan);
    const target = await loadTarget(plan.target.kind);
    const { change, folder = dirname(file), operation = process.env.SWARM_OPERATION_ID || undefined } = options;
    const { counts } = new AgentCluster(cluster, { plan, target, change, operation, folder, running });
    return { cluster, blueprint: plan.blueprint, target: plan.target.kind, counts };
  } catch (error) {
    // RunError: the engine shows the message alone, without a stack.
    if (error instanceof SwarmError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/** Who may not see the sets is told that they are replaced side by side. */
async function setsOf({ target: { kind, context }, place: { namespace }, resource }: Plan) {
  if (kind !== "kubernetes" || namespace === undefined) return undefined;
  return setsWithPods({ context }, namespace, resource).catch(async (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    await pulumi.log.warn(`whether agents run already was not looked at, so they do not take turns: ${reason}`);
    return undefined;
  });
}

/** The images of a plan that no registry has. */
function builtinImages({ network }: Plan): readonly string[] {
  return [images.agent, ...(network.proxy === undefined ? [] : [network.proxy.image])];
}

/** Who may not see the nodes, or cannot reach the control plane yet, is told so; the scheduler judges then. */
async function checkNodes(plan: Plan): Promise<void> {
  const nodes = await listNodes({ context: plan.target.context }).catch(async (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    await pulumi.log.warn(`whether agents fit on the GPU nodes was not looked at: ${reason}`);
  });
  if (nodes !== undefined) refuseUnfitting(plan, nodes);
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

/** The folder of Pulumi.yaml. Older language hosts do not name it; they start the program in the folder of its main file. */
function projectRoot(): string {
  const named = pulumi.getRootDirectory();
  if (isAbsolute(named)) return named;
  let folder = process.cwd();
  while (!existsSync(join(folder, "Pulumi.yaml")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
