import { pause } from "../platform/wait.ts";
import { ApiFailure } from "./failure.ts";
import type { WatchEvent } from "./watch.ts";

/** What is followed: by a watch, and by asking where there is none. */
export interface Followed<State> {
  /** From what was seen last. */
  watch(signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** The state after an event; undefined: only a question can tell. */
  take(event: WatchEvent): State | undefined;
  ask(signal: AbortSignal): Promise<State>;
}

const firstPauseMs = 100;
const longestPauseMs = 1000;
const growth = 1.5;

/**
 * The states of something after now, until the signal is aborted. A watch that ends or fails is followed by a question and
 * the next watch; one that is refused (no right to `watch`) by questions, at most one a second.
 *
 * @throws what the question throws
 */
export async function* follow<State>(
  followed: Followed<State>,
  signal: AbortSignal,
): AsyncGenerator<State, void, undefined> {
  let watchable = true;
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * growth, longestPauseMs)) {
    try {
      for await (const event of watchable ? followed.watch(signal) : []) {
        const state = followed.take(event);
        if (state === undefined) break;
        pauseMs = firstPauseMs;
        yield state;
      }
    } catch (error) {
      if (isRefused(error)) watchable = false;
    }
    if (signal.aborted) return;
    await pause(pauseMs, signal);
    if (signal.aborted) return;
    yield await followed.ask(signal);
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof ApiFailure && [403, 405].includes(error.status);
}

const longestTimerMs = 2 ** 31 - 1;

/** Aborted with the signal, and when the time is up. */
export function deadlineSignal(timeoutMs: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.min(Math.ceil(Math.max(timeoutMs, 0)), longestTimerMs))]);
}
