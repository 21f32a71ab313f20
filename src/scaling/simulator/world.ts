import type { AgentObservation } from "../observation.ts";
import { type Signal, unknown } from "../signal.ts";

/** Milliseconds of one step. */
export const stepMs = 1_000;

interface Instance {
  readonly startsAt: number;
  /** End of its task; undefined: idle. */
  busyUntil: number | undefined;
  /** When its task arrived. */
  arrivedAt: number;
  /** It takes no more tasks, and goes when it is idle. */
  retiring: boolean;
}

export interface WorldOptions {
  readonly startMs: number;
  readonly taskMs: number;
  readonly initial: number;
}

/** One agent with its queue, in virtual time. A lower count lets busy instances finish. */
export class World {
  readonly #options: WorldOptions;
  #instances: Instance[];
  /** Times of arrival. */
  readonly #queue: number[] = [];
  #arriving = 0;
  #desired: number;
  /** Instances that were stopped with a task. */
  busyStopped = 0;
  instanceMs = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#desired = options.initial;
    this.#instances = Array.from({ length: options.initial }, () => ({
      ...{ startsAt: 0, busyUntil: undefined, arrivedAt: 0, retiring: false },
    }));
  }

  get desired(): number {
    return this.#desired;
  }

  get oldestWaitMs(): (now: number) => number {
    return (now) => (this.#queue[0] === undefined ? 0 : now - this.#queue[0]);
  }

  /** Adds arrivals, ends and hands out tasks. */
  step(now: number, arrivals: number): void {
    this.#arriving += arrivals;
    for (; this.#arriving >= 1; this.#arriving--) this.#queue.push(now);
    for (const instance of this.#instances) {
      if (instance.busyUntil !== undefined && instance.busyUntil <= now) instance.busyUntil = undefined;
      if (instance.retiring || instance.startsAt > now || instance.busyUntil !== undefined) continue;
      const arrived = this.#queue.shift();
      if (arrived === undefined) continue;
      instance.arrivedAt = arrived;
      instance.busyUntil = now + this.#options.taskMs;
    }
    this.#instances = this.#instances.filter(({ retiring, busyUntil }) => !retiring || busyUntil !== undefined);
    this.instanceMs += this.#instances.length * stepMs;
  }

  /** The supervisor's rule: idle instances go first, busy ones when they are idle; a raise takes retiring ones back. */
  scale(now: number, count: number): void {
    this.#desired = count;
    for (const instance of this.#instances) instance.retiring = false;
    const byNeed = this.#instances.toSorted(
      (a, b) => Number(b.busyUntil !== undefined) - Number(a.busyUntil !== undefined),
    );
    for (const instance of byNeed.slice(count)) instance.retiring = true;
    for (let missing = count - this.#instances.length; missing > 0; missing--) {
      const startsAt = now + this.#options.startMs;
      this.#instances.push({ startsAt, busyUntil: undefined, arrivedAt: 0, retiring: false });
    }
  }

  /** A controller that does not know who is busy: the newest instances stop with their tasks, which wait again. */
  scaleBlindly(now: number, count: number): void {
    this.#desired = count;
    for (const { busyUntil, arrivedAt } of this.#instances.splice(count)) {
      if (busyUntil === undefined) continue;
      this.busyStopped++;
      this.#queue.unshift(arrivedAt);
    }
    this.scale(now, count);
  }

  /** What a source would say; `lost` names the reason of a failing one. */
  observe(now: number, lost?: string): AgentObservation {
    const staying = this.#instances.filter(({ retiring }) => !retiring);
    const starting = staying.filter(({ startsAt }) => startsAt > now).length;
    const busy = staying.filter(({ busyUntil }) => busyUntil !== undefined).length;
    const value = (number: number): Signal => (lost === undefined ? { kind: "value", value: number } : unknown(lost));
    const leased = this.#instances.filter(({ busyUntil }) => busyUntil !== undefined).length;
    return {
      live: { desired: this.#desired, starting, idle: staying.length - starting - busy, busy, failed: 0 },
      waiting: value(this.#queue.length),
      leased: value(leased),
      signals: [value(this.#queue.length + leased)],
    };
  }
}
