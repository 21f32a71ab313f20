import { recordsAt, textAt } from "../platform/json.ts";
import { type Connection, connectOnce } from "./client.ts";
import { ApiFailure } from "./failure.ts";

/**
 * The kinds that a control plane serves in a version of an API group; undefined if it lacks the group or the server behind it
 * does not answer.
 *
 * @throws SwarmError SW612 if the control plane does not answer
 */
export async function servedKinds(
  connection: Connection,
  group: string,
  version: string,
): Promise<ReadonlySet<string> | undefined> {
  const { api } = await connectOnce(connection);
  try {
    const { body } = await api.request({ method: "GET", path: `/apis/${group}/${version}` });
    return new Set(recordsAt(body, "resources").flatMap((resource) => textAt(resource, "kind") ?? []));
  } catch (error) {
    if (error instanceof ApiFailure && (error.status === 404 || error.status === 503)) return undefined;
    throw error;
  }
}
