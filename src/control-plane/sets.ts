import { labelKeys } from "../names.ts";
import { type Connection, calling, connect } from "./client.ts";

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
  const client = await connect(connection);
  const api = client.config.makeApiClient(client.library.AppsV1Api);
  const labelSelector = `${labelKeys.cluster}=${cluster}`;
  const { items } = await calling(client, () => api.listNamespacedStatefulSet({ namespace, labelSelector }));
  const running = items.filter(({ status }) => (status?.replicas ?? 0) > 0);
  return new Set(running.flatMap(({ metadata }) => metadata?.name ?? []));
}
