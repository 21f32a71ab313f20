import type { BlueprintSource } from "../blueprint/load.ts";
import { locateKey } from "../blueprint/locate-key.ts";
import type { Blueprint, TargetKind } from "../blueprint/model.ts";
import type { ClusterArgs } from "../components/create-cluster.ts";
import { loadTarget } from "../components/load-target.ts";
import { findControlPlane } from "../control-plane/context.ts";
import { listNodes } from "../control-plane/nodes.ts";
import { setsWithPods } from "../control-plane/workload.ts";
import { findDocker } from "../docker-host/address.ts";
import { runningContainers } from "../docker-host/containers.ts";
import { requireImages } from "../docker-host/images.ts";
import { type CompileOptions, compile } from "../plan/compile.ts";
import { refuseUnfitting, usesPresentNodes } from "../plan/fit.ts";
import { images } from "../plan/images.ts";
import type { Plan } from "../plan/plan.ts";
import { checkApis, type Warn } from "./check-apis.ts";

export interface PrepareOptions {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Overrides the blueprint's target. */
  readonly target: TargetKind | undefined;
  /** Context of the kubeconfig. */
  readonly context: string | undefined;
  /** Context of the docker command, or a URL. */
  readonly dockerContext: string | undefined;
  /** The blueprint's text, for positions in messages; undefined for one given as an object. */
  readonly source: BlueprintSource | undefined;
  readonly warn: Warn;
}

/** Lookups on a target while the program runs. */
interface TargetHost {
  /** Context and URL of the target's server, for the plan. */
  readonly server?: CompileOptions["controlPlane"];
  /** Checks that the target can run the plan. */
  readonly check?: (plan: Plan) => Promise<void>;
  /** Names of the cluster's running instances; undefined: unknown. */
  readonly running?: (plan: Plan) => Promise<ReadonlySet<string> | undefined>;
}

/** Lookups by target; none for a target without a server, or whose server the program creates. */
const hosts: Readonly<Record<TargetKind, (options: PrepareOptions) => TargetHost>> = {
  local: () => ({}),
  docker: dockerHost,
  kubernetes: ({ context, source, warn }) => ({
    server: findControlPlane(context, process.env),
    check: async (plan) => {
      await checkApis(plan, (keys) => locateKey(source, keys), warn);
      if (usesPresentNodes(plan)) await checkNodes(plan, warn);
    },
    running: (plan) => runningSets(plan, warn),
  }),
  aws: () => ({}),
};

/**
 * Compiles a blueprint for its target and looks up what exists there: the control plane or daemon, running agents, nodes,
 * images.
 *
 * @throws SwarmError SW608 if the target cannot execute the blueprint, SW611, SW613 to SW615 if it is not reachable or
 *   lacks images, SW617 if it does not serve the custom kinds that the plan needs
 */
export async function prepareCluster(
  blueprint: Blueprint,
  options: PrepareOptions,
): Promise<Pick<ClusterArgs, "plan" | "target" | "running">> {
  const { cluster, target } = options;
  const host = hosts[blueprint.cluster.target.kind](options);
  const plan = compile(blueprint, { cluster, target, controlPlane: host.server });
  await host.check?.(plan);
  const running = await host.running?.(plan);
  return { plan, target: await loadTarget(plan.target.kind), running };
}

function dockerHost({ dockerContext }: PrepareOptions): TargetHost {
  const address = findDocker(dockerContext, process.env);
  return {
    server: { context: dockerContext, server: address.url },
    check: (plan) => requireImages(address, builtinImages(plan)),
    running: (plan) => runningContainers(address, plan.resource),
  };
}

/** Lists running sets. Without permission it warns, and an update replaces all sets at once. */
async function runningSets({ target: { context }, place: { namespace }, resource }: Plan, warn: Warn) {
  if (namespace === undefined) return undefined;
  return setsWithPods({ context }, namespace, resource).catch(async (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    await warn(`cannot list the running agents, so an update does not replace them one at a time: ${reason}`);
    return undefined;
  });
}

/** Images of a plan that no registry provides. */
function builtinImages({ network }: Plan): readonly string[] {
  return [images.agent, ...(network.proxy === undefined ? [] : [network.proxy.image])];
}

/** Checks that agents fit on GPU nodes. Without a connection or permission it warns and leaves it to the scheduler. */
async function checkNodes(plan: Plan, warn: Warn): Promise<void> {
  const nodes = await listNodes({ context: plan.target.context }).catch(async (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    await warn(`cannot list the nodes, so the fit of agents on GPU nodes is not checked: ${reason}`);
  });
  if (nodes !== undefined) refuseUnfitting(plan, nodes);
}
