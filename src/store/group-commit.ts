/** Runs the jobs of a group sequentially in one transaction, and settles each. */
export type RunGroup<Inside> = (jobs: readonly ((inside: Inside) => Promise<void>)[]) => Promise<void>;

interface Waiting<Inside> {
  readonly run: (inside: Inside) => Promise<void>;
  /** Called when the transaction is on the disk, or has failed. */
  readonly settle: (failure: { readonly error: unknown } | undefined) => void;
}

const largest = 64;

/**
 * Runs jobs that wait for the same connection in one transaction, so that they share the sync to the disk at its end
 * ("group commit"). No job gets its reply before that. A failed job leaves no changes and does not affect the others.
 */
export class GroupCommit<Inside> {
  readonly #runGroup: RunGroup<Inside>;
  readonly #waiting: Waiting<Inside>[] = [];
  #running = false;

  constructor(runGroup: RunGroup<Inside>) {
    this.#runGroup = runGroup;
  }

  run<Value>(work: (inside: Inside) => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      let reply = () => reject(new Error("the job did not run"));
      this.#waiting.push({
        run: async (inside) => {
          try {
            const value = await work(inside);
            reply = () => resolve(value);
          } catch (error) {
            reply = () => reject(error);
            throw error;
          }
        },
        settle: (failure) => (failure === undefined ? reply() : reject(failure.error)),
      });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    // Calls in the same turn of the event loop join the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, largest);
      const failure = await this.#runGroup(group.map((one) => one.run)).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      for (const one of group) one.settle(failure);
    }
    this.#running = false;
  }
}
