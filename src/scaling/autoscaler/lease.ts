import { scalerLease, scalerOf } from "../../lifecycle/records/scaler-lease.ts";
import { isOver, thisSession } from "../../stacks/session.ts";
import type { Lease } from "../../store/leases.ts";
import type { Store } from "../../store/store.ts";
import { renewedTogether } from "./renewed-together.ts";

/** The right to scale one cluster, renewed until it is released. */
export interface ScalingLease {
  readonly lease: Lease;
  /** Whether the previous holder may still be under way, so that its writes must be fenced at the target. */
  readonly isTakeOver: boolean;
  /** Whether no other process can have it: asked before each write at the target. */
  isCurrent(): boolean;
  /** Aborted when another process has taken it over. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export type LeaseReply =
  | { readonly ok: true; readonly held: ScalingLease }
  /** The process that scales the cluster. */
  | { readonly ok: false; readonly holder: string };

/**
 * Acquires the lease of a cluster. A take-over fences the previous holder by its token and ends no process.
 *
 * @param ttlMs how long it lasts without a renewal
 */
export async function acquireScalingLease(store: Store, clusterId: string, ttlMs: number): Promise<LeaseReply> {
  const name = scalerLease(clusterId);
  const present = await store.leases.show(name);
  const dead = present !== undefined && (await isOver(present.holder)) ? present.holder : undefined;
  const acquired = await store.leases.acquire(name, await thisSession(), ttlMs, dead);
  if (!acquired.ok) return { ok: false, holder: acquired.holder };
  return { ok: true, held: renewing(store, acquired.lease, ttlMs, acquired.takenOverFrom !== undefined) };
}

/** Another process that scales a cluster. */
export async function otherScalerOf(store: Pick<Store, "leases">, clusterId: string): Promise<string | undefined> {
  const holder = await scalerOf(store, clusterId);
  return holder === (await thisSession()) ? undefined : holder;
}

function renewing(store: Store, lease: Lease, ttlMs: number, isTakeOver: boolean): ScalingLease {
  const lost = new AbortController();
  let { expiresAt } = lease;
  const stop = renewedTogether(ttlMs / 3, () => {
    store.leases.renew(lease, ttlMs).then(
      (renewed) => {
        if (renewed === undefined) lost.abort();
        else expiresAt = renewed.expiresAt;
      },
      // The store is busy or not reachable: the lease expires, and with it the right to write.
      () => {},
    );
  });
  return {
    lease,
    isTakeOver,
    isCurrent: () => !lost.signal.aborted && Date.now() < expiresAt,
    lost: lost.signal,
    release: async () => {
      stop();
      await store.leases.release(lease);
    },
  };
}
