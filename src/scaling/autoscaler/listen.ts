import type { Control } from "../../drivers/control/control.ts";
import { readEvents } from "../../drivers/control/event-calls.ts";
import { pause } from "../../platform/wait.ts";
import { connectRedis } from "../../tasks/redis/connect.ts";
import type { Bell } from "./bell.ts";

const longPollMs = 20_000;
const retryMs = 2_000;
/** Between two reads: many pushes are one ring. Shorter than the wait before the look, which therefore sees them. */
const breathMs = 50;

/** Rings at each task that is added through the cluster's control API, until the signal is aborted. */
export async function listenToTasks(control: Control, bell: Bell, signal: AbortSignal): Promise<void> {
  // An offset past the end is answered with the end.
  let position: { readonly stream?: string; readonly after: number } = { after: Number.MAX_SAFE_INTEGER };
  let wait = 0;
  while (!signal.aborted) {
    try {
      const { stream, next, events, missed } = await readEvents(control, position, wait, signal);
      const isOther = position.stream !== undefined && position.stream !== stream;
      position = { stream, after: next };
      wait = longPollMs;
      if (isOther || missed > 0 || events.some(({ kind }) => kind === "task.added")) bell.ring("push");
      await pause(breathMs, signal);
    } catch {
      // It restarts, or runs no more: the turn of the loop says so.
      await pause(retryMs, signal);
    }
  }
}

/** Rings at each entry that is added to a stream of Redis, until the signal is aborted. */
export async function listenToStreams(
  url: string,
  streams: readonly string[],
  bell: Bell,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && streams.length > 0) {
    try {
      await readStreams(url, streams, bell, signal);
    } catch {
      await pause(retryMs, signal);
    }
  }
}

async function readStreams(url: string, streams: readonly string[], bell: Bell, signal: AbortSignal): Promise<void> {
  const client = await connectRedis(url);
  // A blocked read ends with its connection.
  const end = () => client.destroy();
  signal.addEventListener("abort", end, { once: true });
  try {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const reading = client.xRead(
        streams.map((key) => ({ key, id: "$" })),
        { BLOCK: 0, COUNT: 1 },
      );
      // What was pushed while there was no connection was not heard.
      if (isFirst) bell.ring("change");
      await reading;
      bell.ring("push");
      await pause(breathMs, signal);
    }
  } finally {
    signal.removeEventListener("abort", end);
    if (client.isOpen) client.destroy();
  }
}
