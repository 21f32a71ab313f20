import { poll } from "../wait.ts";
import { groupOf, type ProcessIdentity } from "./identity.ts";
import { type MarkedProcess, markedProcesses, type SiteMark } from "./marked.ts";
import { isAlive, signalProcess } from "./signal.ts";

/** The processes of one instance: its leader, whose group it is, and all that carry its mark. */
export interface InstanceTree {
  readonly site: SiteMark;
  readonly instance: string;
  readonly leader: ProcessIdentity | undefined;
}

/** How long a killed process may take to disappear (it may hang in the kernel, on a dead disk). */
const killGraceMs = 5_000;

/**
 * Ends an instance with its children: SIGTERM, `timeoutMs` to finish, SIGKILL.
 *
 * @returns whether nothing of it is left; false only when the kernel holds on to a killed process.
 */
export async function stopTree(tree: InstanceTree, timeoutMs: number): Promise<boolean> {
  if (timeoutMs > 0) {
    await signalTree(tree, "SIGTERM");
    if (await goneWithin(tree, timeoutMs)) return true;
  }
  await signalTree(tree, "SIGKILL");
  return goneWithin(tree, killGraceMs);
}

/** Signals the leader's group, and those of the instance that have left it. */
export async function signalTree(tree: InstanceTree, signal: NodeJS.Signals): Promise<void> {
  const marked = await markedNow(tree);
  const group = tree.leader && signalProcess(tree.leader, signal, true) ? tree.leader.pid : undefined;
  // Nobody gets the signal twice: many programs take a second SIGTERM for impatience.
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

/** A look at all processes that begins after the call; all who ask in one turn of the event loop share it. */
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
