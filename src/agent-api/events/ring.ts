/** An event in a cluster. */
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
  /** Changes at a restart of the supervisor; offsets then start again. */
  readonly stream: string;
  readonly events: readonly RuntimeEvent[];
  /** Offset to ask for next. */
  readonly next: number;
  /** Requested events that are no longer kept. */
  readonly missed: number;
}

const defaultCapacity = 2_000;

/** A bounded buffer of the latest events of a cluster; readers pass the offset that they have read. */
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

  /** Milliseconds since the last event, or since the start of the stream. */
  get quietMs(): number {
    return this.#now() - this.#lastAt;
  }

  add(kind: string, detail: Readonly<Record<string, unknown>> = {}): void {
    this.#lastAt = this.#now();
    this.#events.push({ ...detail, offset: ++this.#last, at: this.#lastAt, kind });
    // Trimmed by half, so that the cost per event is amortised.
    if (this.#events.length >= 2 * this.#capacity) this.#events = this.#events.slice(-this.#capacity);
    for (const wake of this.#waiting) wake();
  }

  /** At most `limit` events after an offset; an offset of another stream counts as 0. */
  after(offset: number, stream: string | undefined, limit: number): EventPage {
    const from = stream === undefined || stream === this.stream ? Math.min(offset, this.#last) : 0;
    const first = this.#events[0]?.offset ?? this.#last + 1;
    const begin = Math.max(from + 1, first);
    const events = this.#events.slice(begin - first, begin - first + limit);
    return { stream: this.stream, events, next: events.at(-1)?.offset ?? from, missed: begin - from - 1 };
  }

  /** New events as they occur, until the signal is aborted. */
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
