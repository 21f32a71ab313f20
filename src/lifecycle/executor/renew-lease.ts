import type { Lease } from "../../store/leases.ts";
import type { Store } from "../../store/store.ts";

/** Long enough for a busy machine, short enough that a broken one is taken over within a minute. */
export const leaseMs = 30_000;

/** A lease that is renewed until it is let go. */
export interface ActiveLease {
  readonly lease: Lease;
  /** Aborted when somebody else has taken it over. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export function renewUntilReleased(store: Store, lease: Lease): ActiveLease {
  const lost = new AbortController();
  const timer = setInterval(() => {
    store.leases.renew(lease, leaseMs).then(
      (renewed) => {
        if (renewed === undefined) lost.abort();
      },
      // The store is busy or away: the next renewal, or the fence of the next write, tells.
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
