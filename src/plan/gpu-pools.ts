import type { Agent, GpuPool, TargetKind } from "../blueprint/model.ts";
import { gpuInstanceTypes } from "../catalog/gpu-nodes.ts";
import { findGpu } from "../catalog/gpus.ts";
import { SwarmError } from "../errors.ts";
import { resourceName } from "../names.ts";
import type { Provisioning } from "../targets/descriptor.ts";
import { targets } from "../targets/targets.ts";
import type { AwsPlan, GpuPoolPlan, NodeGroupPlan } from "./plan.ts";

export interface PoolContext {
  readonly cluster: string;
  readonly target: TargetKind;
  readonly compute: AwsPlan["compute"];
  readonly agents: readonly Agent[];
}

/**
 * A pool on its target. On plain Kubernetes the nodes exist and are labelled, unless spot nodes are requested: only Karpenter
 * buys those. On AWS the minimum of nodes is a managed node group (Karpenter keeps none), the rest is a Karpenter NodePool.
 *
 * @throws SwarmError SW608 where the target cannot provide such nodes
 */
export function planGpuPool(pool: GpuPool, context: PoolContext): GpuPoolPlan {
  const { name, gpu, gpusPerNode, nodes, migProfile, spot, ...none } = pool;
  none satisfies Record<string, never>;
  const resource = resourceName([context.cluster, name]);
  const provisioning = provisioningOf(pool, context);
  const slices = migProfile === undefined ? 1 : slicesOf(pool, gpu, migProfile);
  const kinds = [gpu, ...(spot?.fallback ?? [])];
  return {
    name,
    resource,
    gpu,
    gpusPerNode,
    nodes,
    migProfile,
    capacity: nodes.max * gpusPerNode * slices,
    provisioning,
    products: kinds.flatMap((kind) => findGpu(kind)?.products ?? []),
    groups:
      provisioning === "device" || provisioning === "labelled" ? [] : groupsOf(pool, resource, provisioning, context),
  };
}

function provisioningOf({ name, nodes, migProfile, spot }: GpuPool, { target, compute }: PoolContext): Provisioning {
  const { gpus } = targets[target];
  if (gpus === undefined) throw refused(name, `target ${target} does not assign GPUs`, "choose another target");
  const request = { spot: spot !== undefined, mig: migProfile !== undefined, minNodes: nodes.min, compute };
  const provisioning = gpus.provision(request);
  if (typeof provisioning === "string") return provisioning;
  throw refused(name, provisioning.reason, provisioning.hint);
}

function groupsOf(
  pool: GpuPool,
  resource: string,
  provisioning: "karpenter" | "managed",
  { cluster, agents }: PoolContext,
): readonly NodeGroupPlan[] {
  const { name, gpu, gpusPerNode, nodes, spot, migProfile } = pool;
  const users = agents.flatMap(({ resources }) => (resources.gpu > 0 && resources.gpuPool === name ? [resources] : []));

  function group(
    part: string,
    kind: NodeGroupPlan["kind"],
    min: number,
    max: number,
    weight: number,
    of = gpu,
    capacity: NodeGroupPlan["capacity"] = "on-demand",
  ) {
    const units = gpusPerNode * (migProfile === undefined ? 1 : slicesOf(pool, of, migProfile));
    const instanceTypes = gpuInstanceTypes(of, gpusPerNode, units, users);
    if (instanceTypes.length === 0) {
      throw refused(name, `no AWS instance type has ${gpusPerNode} ${of} and room for its agents' CPU and memory`);
    }
    const own = part === "" ? resource : resourceName([cluster, name, part]);
    return { kind, resource: own, gpu: of, capacity, instanceTypes, nodes: { min, max }, weight };
  }

  const always =
    nodes.min > 0 && provisioning === "karpenter" ? [group("always", "managed", nodes.min, nodes.min, 100)] : [];
  const least = provisioning === "managed" ? nodes.min : 0;
  const most = nodes.max - (always.length > 0 ? nodes.min : 0);
  if (spot === undefined) return [...always, ...(most > 0 ? [group("", provisioning, least, most, 50)] : [])];
  const base = Math.min(most, Math.max(0, spot.baseOnDemand - (always.length > 0 ? nodes.min : 0)));
  const kinds = most > base ? [gpu, ...spot.fallback] : [];
  return [
    ...always,
    ...(base > 0 ? [group("base", provisioning, Math.min(least, base), base, 100)] : []),
    ...kinds.map((kind, index) =>
      group(
        `spot-${kind}`,
        provisioning,
        index === 0 ? Math.max(0, least - base) : 0,
        most - base,
        Math.max(1, 50 - index),
        kind,
        "spot",
      ),
    ),
  ];
}

/** Slices of one GPU. */
function slicesOf({ name }: GpuPool, gpu: string, profile: string): number {
  const slices = findGpu(gpu)?.migProfiles[profile];
  if (slices === undefined) throw refused(name, `${gpu} has no MIG profile ${profile}`);
  return slices;
}

function refused(pool: string, why: string, hint?: string): SwarmError {
  return new SwarmError("SW608", `GPU pool "${pool}" cannot be provided: ${why}`, {
    values: { pool },
    hints: hint === undefined ? [] : [hint],
  });
}
