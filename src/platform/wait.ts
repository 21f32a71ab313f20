import { SwarmError } from "../errors.ts";

/** Limits of a wait; each call has its own default. */
export interface WaitLimits {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface WaitOptions {
  readonly deadlineMs: number;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Called with the remaining milliseconds; undefined means "not yet". */
export type Question<T> = (leftMs: number) => T | undefined | Promise<T | undefined>;

/**
 * Polls a question until it has an answer; the first time at once.
 * @returns undefined when there is none within `deadlineMs`.
 * @throws SwarmError SW606 when `signal` is aborted, and the errors of the question.
 */
export async function poll<T>(question: Question<T>, options: WaitOptions): Promise<T | undefined> {
  const end = performance.now() + options.deadlineMs;
  for (;;) {
    throwIfInterrupted(options.signal);
    const answer = await question(Math.max(0, end - performance.now()));
    if (answer !== undefined) return answer;
    const leftMs = end - performance.now();
    if (leftMs <= 0) return undefined;
    await pause(Math.min(options.intervalMs ?? 50, leftMs), options.signal);
  }
}

/** Waits `delayMs`, or less when `signal` is aborted. */
export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, delayMs);
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
  });
}

/** @throws SwarmError SW606 when the signal is aborted */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new SwarmError("SW606", "waiting was interrupted", { cause: signal.reason });
}
