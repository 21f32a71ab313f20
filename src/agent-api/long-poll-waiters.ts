/** Somebody who waits for work. */
interface Waiter {
  /** Workers of one kind can take the same tasks. */
  readonly kind: string;
  readonly wake: (why: WakeReason) => void;
}

/** `dismissed`: go home. */
export type WakeReason = "called" | "dismissed";

/** Calls that wait until there may be work for them. Of each kind only the first is woken, and wakes the next if it was not in vain. */
export class LongPollWaiters {
  readonly #waiters = new Set<Waiter>();

  get empty(): boolean {
    return this.#waiters.size === 0;
  }

  /** Resolves when woken, or when the signal is aborted. */
  wait(kind: string, signal: AbortSignal): Promise<WakeReason> {
    return new Promise((resolve) => {
      const wake = (why: WakeReason) => {
        this.#waiters.delete(waiter);
        signal.removeEventListener("abort", onAbort);
        resolve(why);
      };
      const onAbort = () => wake("dismissed");
      const waiter = { kind, wake };
      this.#waiters.add(waiter);
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }

  /** There may be work, and nobody knows for whom. */
  wakeOneOfEachKind(): void {
    const first = new Map<string, Waiter>();
    for (const waiter of this.#waiters) if (!first.has(waiter.kind)) first.set(waiter.kind, waiter);
    for (const waiter of first.values()) waiter.wake("called");
  }

  wakeNext(kind: string): void {
    [...this.#waiters].find((waiter) => waiter.kind === kind)?.wake("called");
  }

  releaseAll(): void {
    for (const waiter of [...this.#waiters]) waiter.wake("dismissed");
  }
}
