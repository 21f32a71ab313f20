import { systemCode } from "../files.ts";
import { isSameProcess } from "./guard.ts";
import { identify, type ProcessIdentity } from "./identity.ts";

export function isAlive(recorded: ProcessIdentity): boolean {
  return isSameProcess(recorded, identify(recorded.pid));
}

/**
 * Signals a process, if it still is the recorded one.
 *
 * @param whole also signal all others in the process group that it leads.
 * @returns whether it was sent: not when it has ended, or has become another user's.
 */
export function signalProcess(recorded: ProcessIdentity, signal: NodeJS.Signals, whole: boolean): boolean {
  if (!isAlive(recorded)) return false;
  try {
    process.kill(whole ? -recorded.pid : recorded.pid, signal);
    return true;
  } catch (error) {
    if (systemCode(error) === "ESRCH" || systemCode(error) === "EPERM") return false;
    throw error;
  }
}
