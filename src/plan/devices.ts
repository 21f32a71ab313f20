import type { Agent, GpuPool } from "../blueprint/model.ts";
import { SwarmError } from "../errors.ts";

/** Device ids of one host by agent key and ordinal. */
export type Devices = Readonly<Record<string, readonly (readonly string[])[]>>;

/**
 * Assigns GPUs of the one host of the docker target to each possible instance. Pools share the host: the
 * first has the ids from 0, the next those after it. An id stays with its instance while that is not
 * running, so a change of counts never moves the GPUs of another instance.
 *
 * @throws SwarmError SW608 where the maximum counts need more GPUs than a pool has, with the numbers
 */
export function assignDevices(agents: readonly Agent[], pools: readonly GpuPool[]): Devices {
  const devices: Record<string, readonly (readonly string[])[]> = {};
  let first = 0;
  for (const pool of pools) {
    const users = agents.filter(({ resources }) => resources.gpu > 0 && resources.gpuPool === pool.name);
    refuseTooMany(users, pool);
    let next = first;
    for (const { key, count, resources } of users) {
      devices[key] = Array.from({ length: count.max }, () =>
        Array.from({ length: resources.gpu }, () => String(next++)),
      );
    }
    first += pool.gpusPerNode;
  }
  return devices;
}

function refuseTooMany(users: readonly Agent[], pool: GpuPool): void {
  const wanted = users.reduce((sum, { count, resources }) => sum + count.max * resources.gpu, 0);
  if (wanted <= pool.gpusPerNode) return;
  const sum = users.map(({ key, count, resources }) => `${key} ${count.max} x ${resources.gpu}`).join(" + ");
  throw new SwarmError(
    "SW608",
    `pool "${pool.name}" has ${pool.gpusPerNode} GPUs on a docker host, and the agents' maxima need ${wanted} (${sum})`,
    {
      values: { pool: pool.name, has: pool.gpusPerNode, wanted },
      hints: ["lower the upper end of the agents' counts, or raise gpus_per_node if the host has more"],
    },
  );
}
