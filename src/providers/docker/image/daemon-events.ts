import { createInterface } from "node:readline";

/** One line of what the daemon tells while it pulls or builds. */
export interface DaemonEvent {
  readonly status?: string;
  /** Of a layer. */
  readonly id?: string;
  readonly progress?: string;
  /** What a build writes. */
  readonly stream?: string;
  /** Why it gave up. */
  readonly error?: string;
}

/** The events of a pull or a build until its end. @throws Error in the daemon's words where it gives up */
export async function* daemonEvents(stream: NodeJS.ReadableStream): AsyncGenerator<DaemonEvent, void, undefined> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    const event = JSON.parse(line) as DaemonEvent;
    if (event.error !== undefined) throw new Error(event.error);
    yield event;
  }
}
