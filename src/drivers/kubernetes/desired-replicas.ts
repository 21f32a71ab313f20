import type { Client } from "../../control-plane/client.ts";
import { listAll } from "../../control-plane/list.ts";
import { appsPath } from "../../control-plane/paths.ts";
import { labelKeys } from "../../names.ts";
import { numberAt, textAt } from "../../platform/json.ts";

/**
 * Desired replicas of a cluster's workloads, by name of the agent's resources; a sum if each instance has its own
 * StatefulSet.
 */
export async function desiredReplicas(
  { api }: Client,
  { namespace, selector }: { readonly namespace: string; readonly selector: string },
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const lists = await Promise.all(
    ["deployments", "statefulsets"].map((plural) =>
      listAll(api, { path: appsPath(namespace, plural), labelSelector: selector, ...(signal && { signal }) }),
    ),
  );
  return sumByAgent(lists.flatMap(({ items }) => items));
}

export function sumByAgent(workloads: readonly unknown[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const workload of workloads) {
    const agent = textAt(workload, "spec", "selector", "matchLabels", labelKeys.agent);
    const replicas = numberAt(workload, "spec", "replicas");
    if (agent !== undefined && replicas !== undefined) sums.set(agent, (sums.get(agent) ?? 0) + replicas);
  }
  return sums;
}
