import { poll } from "../wait.ts";
import { groupOf, type ProcessIdentity } from "./identity.ts";
import { markedProcesses } from "./marked.ts";
import { isAlive, signalProcess } from "./signal.ts";

/** The processes of one instance: its leader, whose group it is, and all that carry its mark. */
export interface InstanceTree {
  readonly site: string;
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
    signalTree(tree, "SIGTERM");
    if (await goneWithin(tree, timeoutMs)) return true;
  }
  signalTree(tree, "SIGKILL");
  return goneWithin(tree, killGraceMs);
}

/** Kills at once what an ended leader has left behind. */
export function killRemains(tree: InstanceTree): void {
  signalTree(tree, "SIGKILL");
}

function signalTree(tree: InstanceTree, signal: NodeJS.Signals): void {
  const others = marked(tree);
  const reached = tree.leader && signalProcess(tree.leader, signal, true) ? tree.leader.pid : undefined;
  // Nobody gets the signal twice: many programs take a second SIGTERM for impatience.
  for (const other of others) {
    if (reached === undefined || groupOf(other.pid) !== reached) signalProcess(other, signal, false);
  }
}

async function goneWithin(tree: InstanceTree, deadlineMs: number): Promise<boolean> {
  const gone = () => ((tree.leader && isAlive(tree.leader)) || marked(tree).length > 0 ? undefined : true);
  return (await poll(gone, { deadlineMs, intervalMs: 25 })) === true;
}

function marked(tree: InstanceTree): ProcessIdentity[] {
  return markedProcesses(tree.site).filter((process) => process.instance === tree.instance);
}
