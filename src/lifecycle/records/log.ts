import { appendFileSync, mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pause } from "../../platform/wait.ts";
import type { LifecycleEvent } from "../event.ts";

const followMs = 300;

function logFile(home: string, operation: string): string {
  return join(home, "operations", `${operation}.jsonl`);
}

/** Appends an event of an operation, with its time, to a log of JSON lines; skips ephemeral messages. */
export function writeLog(home: string, operation: string, event: LifecycleEvent): void {
  if (event.type === "message" && event.ephemeral) return;
  mkdirSync(join(home, "operations"), { recursive: true, mode: 0o700 });
  const line = `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`;
  appendFileSync(logFile(home, operation), line, { mode: 0o600 });
}

/** Returns the log lines of an operation of this home folder; empty for operations of other home folders. */
export async function readLog(home: string, operation: string): Promise<readonly string[]> {
  const text = await readFile(logFile(home, operation), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

/** A logged event with its time in milliseconds since the epoch. */
export interface Told {
  readonly atMs: number;
  readonly event: LifecycleEvent;
}

/** Parses a line written by `writeLog`. */
export function parseLine(line: string): Told {
  const { at, ...event } = JSON.parse(line) as LifecycleEvent & { readonly at: string };
  return { atMs: Date.parse(at), event: event as LifecycleEvent };
}

/** Yields the past and new events of an operation until it has ended or the signal is aborted. */
export async function* followLog(
  home: string,
  operation: string,
  isOver: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<Told, void, undefined> {
  let told = 0;
  for (let last = false; !signal.aborted; ) {
    const lines = await readLog(home, operation);
    for (const line of lines.slice(told)) yield parseLine(line);
    told = lines.length;
    if (last) return;
    // One more read after the end, for the last events.
    last = await isOver();
    if (!last) await pause(followMs, signal);
  }
}

/** Deletes the log of an operation. */
export async function forgetLog(home: string, operation: string): Promise<void> {
  await rm(logFile(home, operation), { force: true });
}
