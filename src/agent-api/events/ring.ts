/** Something that happened in a cluster. */
export interface RuntimeEvent {
  /** Counts from 1 within its stream. */
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** e.g. `instance.registered`, `instance.health`, `task.added`. */
  readonly kind: string;
  readonly [detail: string]: unknown;
}

export interface EventPage {
  /** Another one after a restart of the supervisor: then offsets begin again. */
  readonly stream: string;
  readonly events: readonly RuntimeEvent[];
  /** What to ask for next. */
  readonly next: number;
  /** Events that were asked for and are not kept any more. */
  readonly missed: number;
}

const defaultCapacity = 2_000;

/** The last events of a cluster, bounded; readers come with the offset that they have read up to. */
export class EventRing {
  readonly stream: string;
  readonly #now: () => number;
  readonly #capacity: number;
  #events: RuntimeEvent[] = [];
  #last = 0;
  #lastAt: number;
  readonly #waiting = new Set<() => void>();

  constructor(stream: string, now: () => number, capacity = defaultCapacity) {
    this.stream = stream;
    this.#now = now;
    this.#capacity = capacity;
    this.#lastAt = now();
  }

  /** Since when nothing has happened; from the beginning of the stream, as nobody knows what was before. */
  get quietMs(): number {
    return this.#now() - this.#lastAt;
  }

  add(kind: string, detail: Readonly<Record<string, unknown>> = {}): void {
    this.#lastAt = this.#now();
    this.#events.push({ ...detail, offset: ++this.#last, at: this.#lastAt, kind });
    // Cut in halves, so that it costs nothing for each event.
    if (this.#events.length >= 2 * this.#capacity) this.#events = this.#events.slice(-this.#capacity);
    for (const wake of this.#waiting) wake();
  }

  /** The events after an offset of a stream, at most `limit`; one of another stream is taken for 0. */
  after(offset: number, stream: string | undefined, limit: number): EventPage {
    const from = stream === undefined || stream === this.stream ? Math.min(offset, this.#last) : 0;
    const first = this.#events[0]?.offset ?? this.#last + 1;
    const begin = Math.max(from + 1, first);
    const events = this.#events.slice(begin - first, begin - first + limit);
    return { stream: this.stream, events, next: events.at(-1)?.offset ?? from, missed: begin - from - 1 };
  }

  /** The events from now on, as they come, until the signal is aborted. */
  async *follow(signal: AbortSignal): AsyncGenerator<RuntimeEvent, void, undefined> {
    let offset = this.#last;
    while (!signal.aborted) {
      const { events, next } = this.after(offset, this.stream, this.#capacity);
      offset = next;
      yield* events;
      if (events.length === 0) await this.changed(signal);
    }
  }

  /** Resolves at the next event, or when the signal is aborted. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted) done();
    });
  }
}
