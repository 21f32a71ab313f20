import { hostname } from "node:os";
import { operationOf } from "./process-tree.ts";

/** Identifies the process that runs operations, `<host>/<pid>.<start>`, so that others can check whether it is running. */
export async function thisSession(): Promise<string> {
  return `${hostname()}/${await operationOf(process.pid)}`;
}

/** Whether a session is known to be over: it belongs to this host and its process is gone. */
export async function isOver(session: string): Promise<boolean> {
  const leader = leaderHere(session);
  return leader !== undefined && (await operationOf(leader.pid)) !== leader.mark;
}

/** Kills the process of a session of this host, if running. SIGKILL, as it has lost its lease and may hang. */
export async function endLeader(session: string): Promise<void> {
  const leader = leaderHere(session);
  if (leader === undefined || leader.pid === process.pid || (await isOver(session))) return;
  try {
    process.kill(leader.pid, "SIGKILL");
  } catch {
    // It has exited already.
  }
}

function leaderHere(session: string): { readonly pid: number; readonly mark: string } | undefined {
  const slash = session.lastIndexOf("/");
  if (session.slice(0, slash) !== hostname()) return undefined;
  const mark = session.slice(slash + 1);
  return { pid: Number(mark.split(".")[0]), mark };
}
