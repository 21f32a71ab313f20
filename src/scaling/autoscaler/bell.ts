/** Why the loop looks: it begins, work was pushed, the row of the cluster changed, or the interval is over. */
export type Cause = "start" | "push" | "change" | "interval";

type Ring = "push" | "change";

/** Wakes one loop. What rings while nothing waits wakes the next wait. */
export class Bell {
  #rung: Ring | undefined;
  #wake: (() => void) | undefined;

  ring(cause: Ring): void {
    // A push says more than a change.
    if (this.#rung !== "push") this.#rung = cause;
    this.#wake?.();
  }

  /** Resolves at a ring, after `atMostMs`, or when the signal is aborted. */
  async wait(atMostMs: number, signal: AbortSignal): Promise<Cause> {
    if (this.#rung === undefined && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          this.#wake = undefined;
          resolve();
        };
        const timer = setTimeout(end, atMostMs);
        signal.addEventListener("abort", end, { once: true });
        this.#wake = end;
      });
    }
    return this.#rung ?? "interval";
  }

  /** What rang so far is dealt with by the look that begins now. */
  clear(): void {
    this.#rung = undefined;
  }
}
