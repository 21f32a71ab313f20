/** The properties that decide when a task is dead-lettered. */
export interface Prospects {
  readonly attempt: number;
  readonly handedBack: number;
  readonly maxAttempts: number;
  readonly deadlineAt: number | null;
}

/** Whether the last attempt was the final one. */
export function isExhausted({ attempt, handedBack, maxAttempts }: Omit<Prospects, "deadlineAt">): boolean {
  return attempt - handedBack >= maxAttempts;
}

/**
 * When a task is dead-lettered unless its state changes: a waiting task at its deadline; a leased task at the end of
 * its lease if the attempt is the final one, else when both the lease and the deadline have passed.
 * @param until the end of the lease; undefined without a lease.
 */
export function deadLetterAt(prospects: Prospects, until: number | undefined): number | null {
  const { deadlineAt } = prospects;
  if (until === undefined) return deadlineAt;
  if (isExhausted(prospects)) return until;
  return deadlineAt === null ? null : Math.max(deadlineAt, until);
}
