/** What decides when a task is given up. */
export interface Prospects {
  readonly attempt: number;
  readonly handedBack: number;
  readonly maxAttempts: number;
  readonly deadlineAt: number | null;
}

/** Whether the attempt that was made last was the last one. */
export function isExhausted({ attempt, handedBack, maxAttempts }: Omit<Prospects, "deadlineAt">): boolean {
  return attempt - handedBack >= maxAttempts;
}

/**
 * From when on a task is given up unless something happens: one that waits, at its deadline; one that somebody works on, at
 * the end of the lease if that attempt is the last one, and else when both the lease and the deadline are over.
 *
 * @param until the end of the lease; undefined while nobody has it.
 */
export function deadLetterAt(prospects: Prospects, until: number | undefined): number | null {
  const { deadlineAt } = prospects;
  if (until === undefined) return deadlineAt;
  if (isExhausted(prospects)) return until;
  return deadlineAt === null ? null : Math.max(deadlineAt, until);
}
