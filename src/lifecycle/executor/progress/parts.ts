import type { Cluster } from "../../../store/clusters.ts";
import type { Operation } from "../../../store/operations.ts";
import { planOf } from "../../source.ts";
import type { AnyOperation } from "../definition.ts";
import type { Part } from "./part.ts";

/** Lists the agents and node pools of an operation's blueprint; empty if it is unknown or does not compile, which another step reports. */
export async function partsOf(
  { applies }: Pick<AnyOperation, "applies">,
  operation: Operation,
  cluster: Cluster,
): Promise<readonly Part[]> {
  try {
    const plan = planOf(cluster, applies(operation.wishAfter));
    return [
      ...plan.gpuPools.map(({ name, resource }) => ({ key: `pool:${name}`, title: `pool ${name}`, resource })),
      ...plan.agents.map(({ key, role, name, resource }) => ({ key, title: `${role} ${name}`, resource })),
    ];
  } catch {
    return [];
  }
}
