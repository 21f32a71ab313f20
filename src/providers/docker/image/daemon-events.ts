import { createInterface } from "node:readline";

/** One progress line of a pull or build. */
export interface DaemonEvent {
  readonly status?: string;
  /** Id of a layer. */
  readonly id?: string;
  readonly progress?: string;
  /** Output of a build step. */
  readonly stream?: string;
  /** Why the pull or build failed. */
  readonly error?: string;
}

/** Reads the events of a pull or build until it ends. @throws Error with the daemon's message when it fails */
export async function* daemonEvents(stream: NodeJS.ReadableStream): AsyncGenerator<DaemonEvent, void, undefined> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    const event = JSON.parse(line) as DaemonEvent;
    if (event.error !== undefined) throw new Error(event.error);
    yield event;
  }
}
