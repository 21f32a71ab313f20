import type { Blueprint, TargetKind } from "../blueprint/model.ts";
import { resourceName } from "../names.ts";
import { planAgent, sorted } from "./agents.ts";
import { assignDevices } from "./devices.ts";
import { planGpuPool } from "./gpu-pools.ts";
import { planNetwork } from "./network.ts";
import type { Plan } from "./plan.ts";
import { type AwsChoices, planPlatform } from "./platform.ts";
import { planQuota } from "./quota.ts";

export interface CompileOptions {
  /** Name of the cluster: the stack's. */
  readonly cluster: string;
  /** Instead of the blueprint's own target. */
  readonly target?: TargetKind | undefined;
  readonly aws?: AwsChoices | undefined;
}

/**
 * Compiles a blueprint for a target. Pure: no clock, no environment, no I/O.
 *
 * @throws SwarmError SW608 where the target cannot execute what the blueprint asks for: nothing is left out in silence
 */
export function compile(blueprint: Blueprint, options: CompileOptions): Plan {
  const { metadata, cluster, digest, agents } = blueprint;
  const { minWorkers, maxWorkers, scaling, shared, type, ttlMs, hibernation, budget } = cluster;
  const target = { ...cluster.target, kind: options.target ?? cluster.target.kind };
  const { aws = {} } = options;
  const resource = resourceName([options.cluster]);

  const network = planNetwork(cluster.network, { resource, target, agents });
  const poolContext = {
    cluster: options.cluster,
    target: target.kind,
    compute: aws.compute ?? "auto",
    agents,
  } as const;
  const gpuPools = blueprint.gpuPools.map((pool) => planGpuPool(pool, poolContext));
  const devices = target.kind === "docker" ? assignDevices(agents, blueprint.gpuPools) : {};
  const context = {
    cluster: options.cluster,
    target: target.kind,
    scaling,
    pools: gpuPools,
    devices,
    redis: network.redis,
    secrets: blueprint.secrets,
  };
  const planned = agents.map((agent) => planAgent(agent, context));
  const used = new Set(planned.flatMap((agent) => agent.secrets));
  const quota = planQuota(planned, gpuPools, maxWorkers, network.proxy);

  return {
    version: 1,
    cluster: options.cluster,
    resource,
    blueprint: { id: metadata.id, name: metadata.name, version: metadata.version, digest },
    target,
    platform: planPlatform(target, { cluster: options.cluster, agents: planned, quota, aws }),
    bounds: {
      agents: agents.map(({ key, count }) => ({ key, min: count.min, max: count.max })),
      minWorkers,
      maxWorkers,
    },
    agents: planned,
    gpuPools,
    network,
    secrets: sorted(Object.fromEntries(Object.entries(blueprint.secrets).filter(([name]) => used.has(name)))),
    shared,
    lifetime: { type, ttlMs, hibernation },
    budget,
  };
}
