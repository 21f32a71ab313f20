import type { ProcessIdentity } from "./identity.ts";

/**
 * Whether the process seen under a recorded number is the one that was recorded. Nothing is signalled, adopted or waited
 * for unless it is: the system gives the numbers of ended processes to others.
 */
export function isSameProcess(recorded: ProcessIdentity, seen: ProcessIdentity | undefined): boolean {
  return seen !== undefined && seen.pid === recorded.pid && seen.startTime === recorded.startTime;
}
