import type { Agent } from "../blueprint/model.ts";
import { awsInstancesFor, type InstanceType } from "../catalog/aws-instances.ts";
import { defaultRequests } from "./requests.ts";

const gib = 1024 ** 3;

/** What the kubelet, the system and its add-ons leave of a node. */
const usable = 0.9;

/**
 * Instance types with this number of GPUs of a kind on which the largest agent fits. Those that have room for as many agents
 * as GPUs come first: a managed group uses the first.
 *
 * @param units GPUs or slices of one node
 */
export function gpuInstanceTypes(
  gpu: string,
  gpusPerNode: number,
  units: number,
  users: readonly Agent[],
): readonly string[] {
  const types = awsInstancesFor(gpu, gpusPerNode).filter((type) => users.every((agent) => fits(type, agent, 1)));
  const full = types.filter((type) =>
    users.every((agent) => fits(type, agent, Math.floor(units / agent.resources.gpu))),
  );
  return [...full, ...types.filter((type) => !full.includes(type))].map(({ name }) => name);
}

function fits({ vcpus, memoryGib }: InstanceType, { resources }: Agent, instances: number): boolean {
  const { cpuMillis, memoryBytes } = defaultRequests;
  const cpu = instances * (resources.cpuMillis ?? cpuMillis);
  const memory = instances * (resources.memoryBytes ?? memoryBytes);
  return cpu <= vcpus * 1000 * usable && memory <= memoryGib * gib * usable;
}
