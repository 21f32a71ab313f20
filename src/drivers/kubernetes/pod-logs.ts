import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { type Client, calling } from "../../control-plane/client.ts";
import type { FollowOptions } from "../driver.ts";

export interface ContainerLocation {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** The last lines of a container. @throws ApiFailure, SwarmError SW612 */
export async function tailPod(
  client: Client,
  { namespace, pod, container }: ContainerLocation,
  lines: number,
): Promise<string[]> {
  const core = client.config.makeApiClient(client.library.CoreV1Api);
  const text = await calling(client, () =>
    core.readNamespacedPodLog({ namespace, name: pod, container, tailLines: lines }),
  );
  const found = String(text ?? "").split("\n");
  if (found.at(-1) === "") found.pop();
  return lines === 0 ? [] : found.slice(-lines);
}

/** What a container writes, until it ends or the signal is aborted. @throws ApiFailure, SwarmError SW612 */
export async function* followPod(
  client: Client,
  { namespace, pod, container }: ContainerLocation,
  { signal, lines = 0 }: FollowOptions,
): AsyncGenerator<string, void, undefined> {
  const log = new client.library.Log(client.config);
  const stream = new PassThrough();
  // tailLines 0 is left out by the library, and would be all.
  const since = lines === 0 ? { sinceSeconds: 1 } : { tailLines: lines };
  const reading = await calling(client, () => log.log(namespace, pod, container, stream, { follow: true, ...since }));
  const stop = () => {
    reading.abort();
    stream.end();
  };
  stream.on("error", () => {});
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) yield line;
  } finally {
    signal.removeEventListener("abort", stop);
    reading.abort();
  }
}
