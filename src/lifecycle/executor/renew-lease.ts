import type { Lease } from "../../store/leases.ts";
import type { Store } from "../../store/store.ts";

/** Long enough for a busy machine, short enough for a takeover within a minute. */
export const leaseMs = 30_000;

/** A lease that is renewed until it is released. */
export interface ActiveLease {
  readonly lease: Lease;
  /** Aborted when another process has taken the lease over. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Renews a lease in the background until it is released. */
export function renewUntilReleased(store: Store, lease: Lease): ActiveLease {
  const lost = new AbortController();
  const timer = setInterval(() => {
    store.leases.renew(lease, leaseMs).then(
      (renewed) => {
        if (renewed === undefined) lost.abort();
      },
      // The store is busy or not reachable: the next renewal or fenced write detects a lost lease.
      () => {},
    );
  }, leaseMs / 3);
  timer.unref();
  return {
    lease,
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      await store.leases.release(lease);
    },
  };
}
