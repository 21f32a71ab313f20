/** Runs the jobs of a group one after the other in one transaction, and says of each how it ended. */
export type RunGroup<Inside> = (jobs: readonly ((inside: Inside) => Promise<void>)[]) => Promise<void>;

interface Waiting<Inside> {
  readonly run: (inside: Inside) => Promise<void>;
  /** The transaction is on the disk, or it is not. */
  readonly settle: (failure: { readonly error: unknown } | undefined) => void;
}

const largest = 64;

/**
 * Puts jobs that wait for the same connection into one transaction, so that they share the one sync to the disk at its end
 * ("group commit"). Nobody gets a reply before that. A job that fails leaves nothing and does not touch the others.
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
      let reply = () => reject(new Error("a job of a group did not run"));
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
    // Whoever asks in the same turn of the event loop is in the first group already.
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
