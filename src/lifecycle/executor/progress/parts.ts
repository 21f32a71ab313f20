import type { Cluster } from "../../../store/clusters.ts";
import type { Operation } from "../../../store/operations.ts";
import { upRequestSchema } from "../../operations/up.ts";
import { planOf } from "../../source.ts";
import type { Part } from "./part.ts";

/** Lists the agents and node pools of an operation's blueprint; empty if it is unknown or does not compile, which another step reports. */
export async function partsOf(operation: Operation, cluster: Cluster): Promise<readonly Part[]> {
  try {
    const request = upRequestSchema.safeParse(operation.wishAfter).data;
    const plan = planOf(cluster, { source: request?.source, target: request?.target });
    return [
      ...plan.gpuPools.map(({ name, resource }) => ({ key: `pool:${name}`, title: `pool ${name}`, resource })),
      ...plan.agents.map(({ key, role, name, resource }) => ({ key, title: `${role} ${name}`, resource })),
    ];
  } catch {
    return [];
  }
}
