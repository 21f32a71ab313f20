import * as pulumi from "@pulumi/pulumi";
import type { Blueprint, TargetKind } from "../blueprint/model.ts";
import type { ClusterArgs } from "../components/create-cluster.ts";
import { loadTarget } from "../components/load-target.ts";
import { findControlPlane } from "../control-plane/kubeconfig.ts";
import { listNodes } from "../control-plane/nodes.ts";
import { setsWithPods } from "../control-plane/sets.ts";
import { findDocker } from "../docker-host/address.ts";
import { runningContainers } from "../docker-host/containers.ts";
import { requireImages } from "../docker-host/images.ts";
import { compile } from "../plan/compile.ts";
import { refuseUnfitting, usesPresentNodes } from "../plan/fit.ts";
import { images } from "../plan/images.ts";
import type { Plan } from "../plan/plan.ts";

export interface PrepareOptions {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Instead of the blueprint's own target. */
  readonly target: TargetKind | undefined;
  /** Of the kubeconfig. */
  readonly context: string | undefined;
  /** Of the docker command, or a URL. */
  readonly dockerContext: string | undefined;
}

/**
 * Compiles a blueprint for its target, and looks up what the target has already: the control plane or daemon, running agents,
 * nodes, images.
 *
 * @throws SwarmError SW608 where the target cannot execute the blueprint, SW611, SW613 to SW615 where it is not reachable or
 *   has no images
 */
export async function prepareCluster(
  blueprint: Blueprint,
  { cluster, target: kind, context, dockerContext }: PrepareOptions,
): Promise<Pick<ClusterArgs, "plan" | "target" | "running">> {
  const { target: written } = blueprint.cluster;
  const controlPlane = written.kind === "kubernetes" ? findControlPlane(context, process.env) : undefined;
  const docker = written.kind === "docker" ? findDocker(dockerContext, process.env) : undefined;
  const server = docker && { context: dockerContext, server: docker.url };
  const plan = compile(blueprint, { cluster, target: kind, controlPlane: controlPlane ?? server });
  if (docker !== undefined) await requireImages(docker, builtinImages(plan));
  const running = docker === undefined ? await setsOf(plan) : await runningContainers(docker, plan.resource);
  if (plan.target.kind === "kubernetes" && usesPresentNodes(plan)) await checkNodes(plan);
  return { plan, target: await loadTarget(plan.target.kind), running };
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
