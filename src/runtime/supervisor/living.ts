import { isSameProcess } from "../processes/guard.ts";
import { identify, type ProcessIdentity } from "../processes/identity.ts";
import type { MarkedProcess } from "../processes/marked.ts";
import type { InstanceRecord } from "./record.ts";

/**
 * The process of a recorded instance, if it lives. A record without a process was written just before a start that the supervisor
 * may not have survived: then the oldest process with the instance's mark is the one.
 */
export function livingProcess(record: InstanceRecord, marked: readonly MarkedProcess[]): ProcessIdentity | undefined {
  if (record.process) {
    const seen = identify(record.process.pid);
    return isSameProcess(record.process, seen) ? seen : undefined;
  }
  const found = marked.find((process) => process.instance === record.id);
  return found && { pid: found.pid, startTime: found.startTime };
}
