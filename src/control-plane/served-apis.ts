import { ApiFailure, type Connection, calling, connectOnce } from "./client.ts";

/**
 * The kinds that a control plane serves in a version of an API group; undefined where it does not have the group, or where the
 * server behind it does not answer.
 *
 * @throws SwarmError SW612 where the control plane does not answer
 */
export async function servedKinds(
  connection: Connection,
  group: string,
  version: string,
): Promise<ReadonlySet<string> | undefined> {
  const client = await connectOnce(connection);
  const api = client.config.makeApiClient(client.library.CustomObjectsApi);
  try {
    const { resources } = await calling(client, () => api.getAPIResources({ group, version }));
    return new Set(resources.map(({ kind }) => kind));
  } catch (error) {
    if (error instanceof ApiFailure && (error.status === 404 || error.status === 503)) return undefined;
    throw error;
  }
}
