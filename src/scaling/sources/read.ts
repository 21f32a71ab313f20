import { type Signal, unknown } from "../signal.ts";
import { within } from "./deadline.ts";

/** Reads a signal within a deadline: whatever fails is `unknown`, with its reason. */
export async function readSignal(
  what: string,
  deadlineMs: number,
  signal: AbortSignal,
  read: (signal: AbortSignal) => Promise<Signal>,
): Promise<Signal> {
  try {
    return await within(deadlineMs, signal, read);
  } catch (error) {
    signal.throwIfAborted();
    return unknown(`${what}: ${reasonOf(error)}`);
  }
}

/** Why a call failed, in one line; `fetch` says so in the cause. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: unknown };
  const { code, message: inner } = (cause ?? error) as NodeJS.ErrnoException;
  if (code === "ECONNREFUSED") return "connection refused";
  const text = cause instanceof Error && message === "fetch failed" ? inner : message;
  return (text || code || String(error)).split("\n")[0] ?? "";
}
