import { pause } from "../platform/wait.ts";
import { ApiFailure } from "./failure.ts";
import type { WatchEvent } from "./watch.ts";

/** An object to follow by a watch, or by polling without one. */
export interface Followed<State> {
  /** Starts a watch at the last seen version. */
  watch(signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** The state after an event; undefined: it must be read. */
  take(event: WatchEvent): State | undefined;
  ask(signal: AbortSignal): Promise<State>;
}

const firstPauseMs = 100;
const longestPauseMs = 1000;
const growth = 1.5;

/**
 * Yields the states of an object until the signal is aborted. After a watch ends or fails, reads the state and starts the next
 * one; if a watch is refused (no permission), polls at most once a second.
 *
 * @throws errors of the read
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

/** A signal that also aborts after a time-out. */
export function deadlineSignal(timeoutMs: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.min(Math.ceil(Math.max(timeoutMs, 0)), longestTimerMs))]);
}
