import type { ProcessIdentity } from "./identity.ts";

/**
 * Whether the process with a recorded pid is the recorded one. Only then may it be signalled, adopted or waited for,
 * because the system reuses pids.
 */
export function isSameProcess(recorded: ProcessIdentity, seen: ProcessIdentity | undefined): boolean {
  return seen !== undefined && seen.pid === recorded.pid && seen.startTime === recorded.startTime;
}
