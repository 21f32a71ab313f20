import { SwarmError } from "../../errors.ts";
import { poll } from "../../platform/wait.ts";
import { endSession } from "../../stacks/process-tree.ts";
import { endLeader, isOver, thisSession } from "../../stacks/session.ts";
import type { Operation } from "../../store/operations.ts";
import type { Store } from "../../store/store.ts";
import { type ActiveLease, leaseMs, renewUntilReleased } from "./renew-lease.ts";

interface AcquireLeaseOptions {
  readonly cluster: { readonly id: string; readonly name: string };
  /** Id of the waiting operation. */
  readonly operation: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly onWait: (text: string) => void;
  /** Whether another process has completed the operation meanwhile, which ends the wait. */
  readonly isDone?: () => Promise<boolean>;
}

const pollMs = 150;

/**
 * Waits for the lease of a cluster. Takes over a dead or expired lease after ending the processes of its holder.
 *
 * @returns undefined when another process has completed the operation
 * @throws SwarmError SW601 with the holder at the deadline
 */
export async function acquireLease(store: Store, options: AcquireLeaseOptions): Promise<ActiveLease | undefined> {
  const { cluster, operation, waitMs, signal, onWait, isDone = async () => false } = options;
  const name = `cluster/${cluster.id}`;
  const session = await thisSession();
  const mine = holderOf(session, operation);
  let told = false;
  const activeLease = await poll(
    async () => {
      if (await isDone()) return "done";
      const present = await store.leases.show(name);
      const dead = present !== undefined && (await isOver(sessionOf(present.holder))) ? present.holder : undefined;
      const acquired = await store.leases.acquire(name, mine, leaseMs, dead);
      if (!acquired.ok) {
        if (!told && waitMs > 0) onWait(`waiting for ${describe(acquired.holder)}`);
        told = true;
        return undefined;
      }
      const kept = renewUntilReleased(store, acquired.lease);
      // The previous holder may have completed the operation between the check and the acquisition.
      if (await isDone()) {
        await kept.release();
        return "done";
      }
      if (acquired.takenOverFrom !== undefined) {
        await endLeader(sessionOf(acquired.takenOverFrom));
        await endSession(operationOf(acquired.takenOverFrom));
        onWait(`took over from ${describe(acquired.takenOverFrom)}`);
      }
      return kept;
    },
    { deadlineMs: waitMs, intervalMs: pollMs, signal },
  );
  if (activeLease !== undefined) return activeLease === "done" ? undefined : activeLease;
  const holder = await store.leases.show(name);
  throw new SwarmError(
    "SW601",
    `cluster ${cluster.name} is busy: ${holder === undefined ? "another operation" : describe(holder.holder)} is running`,
    {
      hints: ["wait for it: --wait 5m", "list operations: swarmctl ops list"],
      values: { cluster: cluster.name, holder },
    },
  );
}

/** Ends the processes that the runners of these operations left behind. */
export async function endLeftovers(operations: readonly Pick<Operation, "id" | "session">[]): Promise<void> {
  for (const { id, session } of operations) {
    if (session !== null) await endLeader(session);
    await endSession(id);
  }
}

function holderOf(session: string, operation: string): string {
  return `${session}#${operation}`;
}

function sessionOf(holder: string): string {
  return holder.slice(0, holder.lastIndexOf("#"));
}

function operationOf(holder: string): string {
  return holder.slice(holder.lastIndexOf("#") + 1);
}

function describe(holder: string): string {
  const [host = "", process = ""] = sessionOf(holder).split("/");
  return `operation ${operationOf(holder)} (process ${process.split(".")[0]} on ${host})`;
}
