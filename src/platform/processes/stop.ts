import { poll } from "../wait.ts";
import { groupOf, type ProcessIdentity } from "./identity.ts";
import { type MarkedProcess, markedProcesses, type SiteMark } from "./marked.ts";
import { isAlive, signalProcess } from "./signal.ts";

/** The processes of one instance: the group of its leader, and all processes with its mark. */
export interface InstanceTree {
  readonly site: SiteMark;
  readonly instance: string;
  readonly leader: ProcessIdentity | undefined;
}

/** Time for a killed process to disappear (it may hang in the kernel, on a failed disk). */
const killGraceMs = 5_000;

/**
 * Stops an instance with its descendants: SIGTERM, `timeoutMs` to finish, SIGKILL.
 * @returns whether no process is left; false only when the kernel keeps a killed process.
 */
export async function stopTree(tree: InstanceTree, timeoutMs: number): Promise<boolean> {
  if (timeoutMs > 0) {
    await signalTree(tree, "SIGTERM");
    if (await goneWithin(tree, timeoutMs)) return true;
  }
  await signalTree(tree, "SIGKILL");
  return goneWithin(tree, killGraceMs);
}

/** Signals the leader's group and the processes that have left it. */
export async function signalTree(tree: InstanceTree, signal: NodeJS.Signals): Promise<void> {
  const marked = await markedNow(tree);
  const group = tree.leader && signalProcess(tree.leader, signal, true) ? tree.leader.pid : undefined;
  // Each process gets the signal once: many programs treat a second SIGTERM as a forced stop.
  for (const process of marked) {
    if (group === undefined || groupOf(process.pid) !== group) signalProcess(process, signal, false);
  }
}

async function goneWithin(tree: InstanceTree, deadlineMs: number): Promise<boolean> {
  const gone = async () => {
    if (tree.leader && isAlive(tree.leader)) return undefined;
    return (await markedNow(tree)).length === 0 ? true : undefined;
  };
  return (await poll(gone, { deadlineMs, intervalMs: 25 })) === true;
}

async function markedNow(tree: InstanceTree): Promise<MarkedProcess[]> {
  return (await nextScan(tree.site)).filter((process) => process.instance === tree.instance);
}

const scans = new Map<string, Promise<MarkedProcess[]>>();

/** A scan of all processes that starts after the call; calls in one turn of the event loop share it. */
function nextScan(site: SiteMark): Promise<MarkedProcess[]> {
  const key = JSON.stringify([site.dir, site.id]);
  const planned = scans.get(key);
  if (planned) return planned;
  const scan = new Promise<MarkedProcess[]>((resolve) => {
    setImmediate(() => {
      scans.delete(key);
      resolve(markedProcesses(site));
    });
  });
  scans.set(key, scan);
  return scan;
}
