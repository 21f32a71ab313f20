import type { Blueprint, TargetKind } from "../blueprint/model.ts";
import { resourceName } from "../names.ts";
import { targets } from "../targets/targets.ts";
import { planAgent, sorted } from "./agents.ts";
import { assignDevices } from "./devices.ts";
import { planGpuPool } from "./gpu-pools.ts";
import { planNetwork } from "./network.ts";
import type { Plan } from "./plan.ts";
import { type AwsChoices, planPlatform } from "./platform.ts";
import { planQuota } from "./quota.ts";

export interface CompileOptions {
  /** Name of the cluster: that of its stack. */
  readonly cluster: string;
  /** Instead of the blueprint's own target. */
  readonly target?: TargetKind | undefined;
  /** Context and URL of the target's control plane or daemon; they replace the blueprint's context. */
  readonly controlPlane?: { readonly context: string | undefined; readonly server: string } | undefined;
  readonly aws?: AwsChoices | undefined;
}

/**
 * Compiles a blueprint for a target. Pure: no clock, no environment, no I/O.
 *
 * @throws SwarmError SW608 where the target cannot execute the blueprint: no part of it is ignored
 */
export function compile(blueprint: Blueprint, options: CompileOptions): Plan {
  const { metadata, cluster, digest, agents, secrets, gpuPools: pools, ...beyond } = blueprint;
  const { minWorkers, maxWorkers, scaling, shared, type, ttlMs, hibernation, budget, ...placed } = cluster;
  const { target: written, network: confinement, ...rest } = placed;
  // A new field of the model fails to compile here, so none is dropped silently.
  beyond satisfies Record<string, never>;
  rest satisfies Record<string, never>;
  const { aws = {}, controlPlane } = options;
  const target = {
    ...written,
    context: controlPlane === undefined ? written.context : controlPlane.context,
    kind: options.target ?? written.kind,
  };
  const { gpus, settings } = targets[target.kind];
  const resource = resourceName([options.cluster]);

  const network = planNetwork(confinement, { resource, target, agents });
  const poolContext = {
    cluster: options.cluster,
    target: target.kind,
    compute: aws.compute ?? "auto",
    agents,
  } as const;
  const gpuPools = pools.map((pool) => planGpuPool(pool, poolContext));
  const devices = gpus?.assigned === "devices" ? assignDevices(agents, pools) : {};
  const context = {
    cluster: options.cluster,
    target: target.kind,
    scaling,
    pools: gpuPools,
    devices,
    redis: network.redis,
    secrets,
  };
  const planned = agents.map((agent) => planAgent(agent, context));
  const used = new Set(planned.flatMap((agent) => agent.secrets));
  const quota = planQuota(planned, gpuPools, maxWorkers, network.proxy);
  const platform = planPlatform(target, { cluster: options.cluster, agents: planned, quota, aws });

  return {
    version: 1,
    cluster: options.cluster,
    resource,
    blueprint: { id: metadata.id, name: metadata.name, version: metadata.version, digest },
    target,
    place: {
      target: target.kind,
      by: options.target === undefined ? "blueprint" : "option",
      context: settings.includes("context") ? target.context : undefined,
      server: controlPlane?.server,
      namespace: "namespace" in platform ? platform.namespace.name : undefined,
    },
    platform,
    bounds: {
      agents: agents.map(({ key, count }) => ({ key, min: count.min, max: count.max })),
      minWorkers,
      maxWorkers,
    },
    agents: planned,
    gpuPools,
    network,
    secrets: sorted(Object.fromEntries(Object.entries(secrets).filter(([name]) => used.has(name)))),
    shared,
    lifetime: { type, ttlMs, hibernation },
    budget,
  };
}
