import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { removeBrokenAttributes } from "./attributes.ts";
import type { StateBackend } from "./backend.ts";
import type { EngineRunEvent } from "./events.ts";
import { describeLock, judgeLocks, lockedError, removeLocks, type StackLock } from "./locks.ts";
import { endOrphans } from "./process-tree.ts";

interface WaitOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineRunEvent) => void;
}

const pollMs = 250;

/**
 * Waits until the stack has no lock. Removes locks of dead processes of this host, after ending the processes that they
 * left running.
 *
 * @param deadline on the clock of `performance.now()`
 * @throws SwarmError SW601 with the holders if it is still locked at the deadline
 */
export async function waitForLocks(
  backend: StateBackend,
  stack: string,
  deadline: number,
  { signal, onEvent }: WaitOptions,
): Promise<void> {
  let told = false;
  for (;;) {
    const held = await clearStaleLocks(backend, stack, (line) => onEvent(note(line)));
    if (held.length === 0) return;
    const error = lockedError(stack, held);
    if (performance.now() >= deadline) throw error;
    if (!told) onEvent(note(`waiting: ${error.message}`));
    told = true;
    await delay(pollMs, undefined, { signal });
  }
}

/**
 * Removes locks left by dead processes of this host or a power loss, after ending the processes that they left running.
 *
 * @returns the locks still held
 */
export async function clearStaleLocks(
  backend: StateBackend,
  stack: string,
  tell: (line: string) => void,
): Promise<readonly StackLock[]> {
  const { held, stale } = await judgeLocks(backend, stack);
  if (held.length + stale.length > 0) await removeBrokenAttributes(backend, stack);
  const [first] = stale;
  if (first === undefined) return held;
  await endOrphans(stackMark(backend, stack));
  await removeLocks(stale);
  tell(`cleared ${describeLock(first)}`);
  return held;
}

/**
 * Clears pending creates that a kill interrupted; neither an update nor a plain refresh does, and the engine would keep
 * warning of them.
 */
export async function clearAfterCrash(
  stack: Stack,
  pending: number,
  onEvent: (event: EngineRunEvent) => void,
): Promise<void> {
  if (pending === 0) return;
  onEvent(note(`an earlier update was killed during ${pending} step(s): refreshing`));
  await stack.refresh({ clearPendingCreates: true, showSecrets: false });
}

/** The mark of processes of engine runs on this stack. */
export function stackMark(backend: StateBackend, stack: string): string {
  return `${backend.url}#${stack}`;
}

function note(text: string): EngineRunEvent {
  return { type: "message", severity: "info", text, resource: undefined, ephemeral: false };
}
