import { appendFileSync, mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LifecycleEvent } from "./event.ts";

function logFile(home: string, operation: string): string {
  return join(home, "operations", `${operation}.jsonl`);
}

/** Keeps what an operation tells, one JSON line an event, with its time. What is only for the moment is left out. */
export function writeLog(home: string, operation: string, event: LifecycleEvent): void {
  if (event.type === "message" && event.ephemeral) return;
  mkdirSync(join(home, "operations"), { recursive: true, mode: 0o700 });
  const line = `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`;
  appendFileSync(logFile(home, operation), line, { mode: 0o600 });
}

/** The lines of an operation that ran from this home folder; none where it ran elsewhere. */
export async function readLog(home: string, operation: string): Promise<readonly string[]> {
  const text = await readFile(logFile(home, operation), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

export async function forgetLog(home: string, operation: string): Promise<void> {
  await rm(logFile(home, operation), { force: true });
}
