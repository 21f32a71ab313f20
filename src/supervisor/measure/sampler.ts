import { sumByLeader, type Usage, type UsageSample, usageBetween } from "../../agent-api/health/usage.ts";
import type { Clock } from "../../platform/clock.ts";
import { sampleProcesses } from "./processes.ts";

const intervalMs = 3_000;

/** Looks every few seconds at what each instance uses. */
export class UsageSampler {
  readonly #clock: Clock;
  readonly #leaders: () => Iterable<number>;
  readonly #sampled: () => void;
  #samples = new Map<number, UsageSample>();
  #usages = new Map<number, Usage>();
  #cancel: () => void = () => {};
  #stopped = false;

  /**
   * @param leaders first processes of the instances; without one nothing is read.
   * @param sampled called after each look.
   */
  constructor(clock: Clock, leaders: () => Iterable<number>, sampled: () => void) {
    this.#clock = clock;
    this.#leaders = leaders;
    this.#sampled = sampled;
  }

  start(): void {
    this.#cancel = this.#clock.after(intervalMs, () => {
      void this.look()
        .catch(() => {})
        .finally(() => {
          if (!this.#stopped) this.start();
        });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  usageOf(leader: number): Usage | undefined {
    return this.#usages.get(leader);
  }

  async look(): Promise<void> {
    const leaders = new Set(this.#leaders());
    const sums =
      leaders.size === 0 ? new Map<number, UsageSample>() : sumByLeader(await sampleProcesses(), this.#clock.now());
    const mine = [...sums].filter(([leader]) => leaders.has(leader));
    this.#usages = new Map(mine.map(([leader, sum]) => [leader, usageBetween(this.#samples.get(leader), sum)]));
    this.#samples = new Map(mine);
    this.#sampled();
  }
}
