import { awsInstancesFor, type InstanceType } from "./aws-instances.ts";

const gib = 1024 ** 3;

/** Requests of an agent that sets none: enough for one that waits for the responses of a model. */
export const defaultRequests = { cpuMillis: 250, memoryBytes: 512 * 1024 ** 2 } as const;

/** What one instance of an agent requests of a node with GPUs. */
export interface NodeUser {
  readonly gpu: number;
  readonly cpuMillis: number | undefined;
  readonly memoryBytes: number | undefined;
}

/** What the kubelet, the system and its add-ons leave of a node. */
const usable = 0.9;

/**
 * AWS instance types with this number of GPUs of a kind on which the largest agent fits. Those that have room for as many
 * agents as GPUs come first: a managed group uses the first.
 *
 * @param units GPUs or slices of one node
 */
export function gpuInstanceTypes(
  gpu: string,
  gpusPerNode: number,
  units: number,
  users: readonly NodeUser[],
): readonly string[] {
  const types = awsInstancesFor(gpu, gpusPerNode).filter((type) => users.every((user) => fits(type, user, 1)));
  const full = types.filter((type) => users.every((user) => fits(type, user, Math.floor(units / user.gpu))));
  return [...full, ...types.filter((type) => !full.includes(type))].map(({ name }) => name);
}

function fits({ vcpus, memoryGib }: InstanceType, user: NodeUser, instances: number): boolean {
  const cpu = instances * (user.cpuMillis ?? defaultRequests.cpuMillis);
  const memory = instances * (user.memoryBytes ?? defaultRequests.memoryBytes);
  return cpu <= vcpus * 1000 * usable && memory <= memoryGib * gib * usable;
}
