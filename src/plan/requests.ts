import type { Agent } from "../blueprint/model.ts";
import { defaultRequests } from "../catalog/gpu-nodes.ts";
import { findGpu, migResource } from "../catalog/gpus.ts";
import { SwarmError } from "../errors.ts";
import type { GpuPoolPlan, GpuRequest, ResourcesPlan } from "./plan.ts";

/**
 * The resources of one instance.
 *
 * @param devices device ids by ordinal, where the target assigns them
 * @throws SwarmError SW608 where the pool has no such GPUs
 */
export function planResources(
  agent: Agent,
  pools: readonly GpuPoolPlan[],
  devices: readonly (readonly string[])[],
): ResourcesPlan {
  const { resources } = agent;
  return {
    cpuMillis: resources.cpuMillis ?? defaultRequests.cpuMillis,
    memoryBytes: resources.memoryBytes ?? defaultRequests.memoryBytes,
    gpu: resources.gpu === 0 ? undefined : planGpu(agent, pools, devices),
  };
}

function planGpu(
  { name, resources }: Agent,
  pools: readonly GpuPoolPlan[],
  devices: GpuRequest["devices"],
): GpuRequest {
  const pool = pools.find((one) => one.name === resources.gpuPool);
  if (pool === undefined) {
    throw new SwarmError("SW608", `"${name}" requests a GPU of pool "${resources.gpuPool}", which does not exist`);
  }
  if (resources.gpuProfile !== pool.migProfile) {
    const has = pool.migProfile === undefined ? "whole GPUs" : `slices of ${pool.migProfile}`;
    throw new SwarmError(
      "SW608",
      `"${name}" requests slices of ${resources.gpuProfile}, and pool "${pool.name}" has ${has}`,
    );
  }
  const whole = findGpu(pool.gpu)?.resource ?? "nvidia.com/gpu";
  const resource = pool.migProfile === undefined ? whole : migResource(pool.migProfile);
  return { pool: pool.name, resource, count: resources.gpu, devices };
}
