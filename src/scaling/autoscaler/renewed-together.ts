interface Renewals {
  readonly timer: NodeJS.Timeout;
  readonly each: Set<() => void>;
}

const byInterval = new Map<number, Renewals>();

/**
 * Runs a renewal at each interval, in the same turn as all others of that interval: on SQLite the store then writes the leases of
 * all clusters in one commit.
 *
 * @returns what ends it
 */
export function renewedTogether(intervalMs: number, renew: () => void): () => void {
  const renewals = byInterval.get(intervalMs) ?? begin(intervalMs);
  renewals.each.add(renew);
  return () => {
    renewals.each.delete(renew);
    if (renewals.each.size > 0) return;
    clearInterval(renewals.timer);
    byInterval.delete(intervalMs);
  };
}

function begin(intervalMs: number): Renewals {
  const each = new Set<() => void>();
  const timer = setInterval(() => {
    for (const renew of each) renew();
  }, intervalMs);
  timer.unref();
  const renewals = { timer, each };
  byInterval.set(intervalMs, renewals);
  return renewals;
}
