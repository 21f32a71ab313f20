import { hostname } from "node:os";
import { operationOf } from "./process-tree.ts";

/** The process that runs operations, by which others check whether it still runs: `<host>/<pid>.<start>`. */
export async function thisSession(): Promise<string> {
  return `${hostname()}/${await operationOf(process.pid)}`;
}

/** Whether a session is known to be over: it is of this host, and its process is gone. */
export async function isOver(session: string): Promise<boolean> {
  const leader = leaderHere(session);
  return leader !== undefined && (await operationOf(leader.pid)) !== leader.mark;
}

/** Ends the process of a session of this host, if it is there. SIGKILL: it has not kept its lease, so it may hang. */
export async function endLeader(session: string): Promise<void> {
  const leader = leaderHere(session);
  if (leader === undefined || leader.pid === process.pid || (await isOver(session))) return;
  try {
    process.kill(leader.pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function leaderHere(session: string): { readonly pid: number; readonly mark: string } | undefined {
  const slash = session.lastIndexOf("/");
  if (session.slice(0, slash) !== hostname()) return undefined;
  const mark = session.slice(slash + 1);
  return { pid: Number(mark.split(".")[0]), mark };
}
