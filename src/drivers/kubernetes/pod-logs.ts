import { text } from "node:stream/consumers";
import type { Client } from "../../control-plane/client.ts";
import { linesOf } from "../../control-plane/lines.ts";
import { namespacePath } from "../../control-plane/paths.ts";
import type { FollowOptions, LogOptions } from "../driver.ts";

export interface ContainerLocation {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

const pathOf = ({ namespace, pod }: ContainerLocation) => `${namespacePath(namespace, "pods", pod)}/log`;

/**
 * The last lines of a container's log.
 * @throws ApiFailure, SwarmError SW612
 */
export async function tailPod(
  { api }: Client,
  location: ContainerLocation,
  lines: number,
  options: LogOptions = {},
): Promise<string[]> {
  const query = { container: location.container, tailLines: String(lines), ...timesOf(options) };
  const found = (await text(await api.stream({ path: pathOf(location), query }))).split("\n");
  if (found.at(-1) === "") found.pop();
  return lines === 0 ? [] : found.slice(-lines);
}

/**
 * Follows the log of a container until it ends or the signal is aborted.
 * @throws ApiFailure, SwarmError SW612
 */
export async function* followPod(
  { api }: Client,
  location: ContainerLocation,
  { signal, lines = 0, ...options }: FollowOptions,
): AsyncGenerator<string, void, undefined> {
  const query = { container: location.container, follow: "true", tailLines: String(lines), ...timesOf(options) };
  try {
    yield* linesOf(await api.stream({ path: pathOf(location), query, signal }));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function timesOf({ sinceMs, timestamps = false }: LogOptions): Record<string, string> {
  return {
    ...(timestamps && { timestamps: "true" }),
    ...(sinceMs !== undefined && { sinceTime: new Date(sinceMs).toISOString() }),
  };
}
