import { labelKeys } from "../names.ts";
import { numberAt, textAt } from "../platform/json.ts";
import { type Connection, connect } from "./client.ts";
import { listAll } from "./list.ts";
import { appsPath } from "./paths.ts";

/**
 * Names of the StatefulSets of a cluster that have pods; none where its namespace is not there yet.
 *
 * @param cluster as in their label
 * @throws SwarmError SW612 where the control plane does not answer, ApiFailure 403 where sets may not be seen
 */
export async function setsWithPods(
  connection: Connection,
  namespace: string,
  cluster: string,
): Promise<ReadonlySet<string>> {
  const { api } = await connect(connection);
  const labelSelector = `${labelKeys.cluster}=${cluster}`;
  const { items } = await listAll(api, { path: appsPath(namespace, "statefulsets"), labelSelector });
  const running = items.filter((set) => (numberAt(set, "status", "replicas") ?? 0) > 0);
  return new Set(running.flatMap((set) => textAt(set, "metadata", "name") ?? []));
}
