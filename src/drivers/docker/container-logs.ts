import { createInterface } from "node:readline";
import { PassThrough, Readable } from "node:stream";
import type Docker from "dockerode";
import type { FollowOptions, LogOptions } from "../driver.ts";

/** The last lines of a container's log. */
export async function tailContainer(
  container: Docker.Container,
  lines: number,
  options: LogOptions = {},
): Promise<string[]> {
  if (lines === 0) return [];
  const frames = await container.logs({ stdout: true, stderr: true, tail: lines, follow: false, ...timesOf(options) });
  const found: string[] = [];
  for await (const line of linesOf(container, Readable.from([frames]))) found.push(line);
  return found.slice(-lines);
}

/** Follows the log of a container until it is removed or the signal is aborted, across restarts. */
export async function* followContainer(
  container: Docker.Container,
  { signal, lines = 0, ...options }: FollowOptions,
): AsyncGenerator<string, void, undefined> {
  const stream = await container.logs({ stdout: true, stderr: true, tail: lines, follow: true, ...timesOf(options) });
  const stop = () => "destroy" in stream && typeof stream.destroy === "function" && stream.destroy();
  stream.on("error", () => {});
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    yield* linesOf(container, stream);
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function timesOf({ sinceMs, timestamps = false }: LogOptions) {
  return { timestamps, ...(sinceMs !== undefined && { since: sinceMs / 1000 }) };
}

/** Splits the stream of stdout and stderr frames into lines. */
async function* linesOf(
  { modem }: Docker.Container,
  stream: NodeJS.ReadableStream,
): AsyncGenerator<string, void, undefined> {
  const text = new PassThrough();
  modem.demuxStream(stream, text, text);
  for (const ending of ["end", "close", "error"]) stream.once(ending, () => text.end());
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) yield line;
}
