import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** SIGHUP in the masks of signals of /proc/PID/status. */
const hangupBit = 1n;

/**
 * Whether this process was started to outlive its terminal (`nohup`, or a shell with `trap '' HUP`). Node sets each signal back to
 * its default at start, so it is told by what is left: the command that the shell started, and the signals that the parent ignores.
 *
 * @param startedBy the variable `_`, in which shells name the command
 * @param parentStatus /proc/PPID/status; undefined without /proc
 */
export function outlivesTerminal(startedBy: string | undefined, parentStatus: string | undefined): boolean {
  if (basename(startedBy ?? "") === "nohup") return true;
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(parentStatus ?? "")?.[1];
  return ignored !== undefined && (BigInt(`0x${ignored}`) & hangupBit) !== 0n;
}

/** Calls `outlivesTerminal` for this process. */
export function ignoresHangup(env: NodeJS.ProcessEnv = process.env): boolean {
  return outlivesTerminal(env._, parentStatus());
}

function parentStatus(): string | undefined {
  try {
    return readFileSync(`/proc/${process.ppid}/status`, "latin1");
  } catch {
    return undefined;
  }
}

/** Signals that come together are one request: `timeout`, init systems and shells signal a process and then its whole group. */
const togetherMs = 500;

/** Calls `hear` at SIGTERM and at SIGHUP, once for those that come together; a SIGHUP that is ignored on purpose stays ignored. */
export function onTermination(hear: (signal: "SIGTERM" | "SIGHUP") => void): void {
  let heardAt = Number.NEGATIVE_INFINITY;
  const once = (signal: "SIGTERM" | "SIGHUP") => {
    const now = performance.now();
    if (now - heardAt < togetherMs) return;
    heardAt = now;
    hear(signal);
  };
  process.on("SIGTERM", () => once("SIGTERM"));
  process.on("SIGHUP", ignoresHangup() ? () => {} : () => once("SIGHUP"));
}
