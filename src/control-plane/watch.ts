import { isRecord, numberAt, recordAt, textAt } from "../platform/json.ts";
import type { Api } from "./api.ts";
import { ApiFailure } from "./failure.ts";
import { linesOf } from "./lines.ts";

export interface WatchRequest {
  /** Path of the collection, such as "/api/v1/namespaces/team/pods". */
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Start of the watch; undefined: begins with the present objects, as `ADDED`. */
  readonly resourceVersion: string | undefined;
  readonly signal: AbortSignal;
  /** Duration after which the server ends the watch. */
  readonly seconds?: number;
}

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Record<string, unknown>;
}

/** The server ends a watch after its time, and sends a bookmark each minute: longer silence is a lost connection. */
const defaultSeconds = 60;
const slackSeconds = 15;

/**
 * Watches a collection until the server ends it, which it may at any time.
 *
 * @throws ApiFailure when it is refused or the resource version is too old (410); errors of the connection; the abort
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* watchObjects(api: Api, request: WatchRequest): AsyncGenerator<WatchEvent, void, undefined> {
  const { path, labelSelector, fieldSelector, resourceVersion, signal, seconds = defaultSeconds } = request;
  const query = { labelSelector, fieldSelector, resourceVersion, timeoutSeconds: String(seconds) };
  const stream = await api.stream({
    path,
    query: { ...query, watch: "true", allowWatchBookmarks: "true" },
    signal,
    idleMs: (seconds + slackSeconds) * 1000,
  });
  for await (const line of linesOf(stream)) {
    const event: unknown = JSON.parse(line);
    const type = textAt(event, "type");
    const object = recordAt(event, "object");
    if (type === "ERROR") throw new ApiFailure(numberAt(object, "code") ?? 500, object);
    if (isChange(type) && isRecord(event)) yield { type, object };
  }
}

function isChange(type: string | undefined): type is WatchEvent["type"] {
  return type === "ADDED" || type === "MODIFIED" || type === "DELETED";
}
