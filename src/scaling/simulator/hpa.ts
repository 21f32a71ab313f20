import { arrivalsOf } from "./arrivals.ts";
import { randomFrom } from "./random.ts";
import { Counter, type Outcome, type Simulation } from "./simulate.ts";
import { stepMs, World } from "./world.ts";

/**
 * A HorizontalPodAutoscaler with its defaults, as the Kubernetes documentation describes the algorithm (Horizontal Pod Autoscaling,
 * "Algorithm details"): an external metric of type AverageValue, a look every 15 s, a tolerance of 10 %, the largest recommendation of
 * 300 s for a decrease, and at most 4 pods or 100 % more in 15 s. It has at least one replica, and does not know who is busy.
 */
const lookMs = 15_000;
const tolerance = 0.1;
const windowMs = 300_000;

export interface HpaOutcome extends Omit<Outcome, "looks"> {
  /** Instances that were stopped with a task. */
  readonly busyStopped: number;
}

export function simulateHpa(input: Simulation): HpaOutcome {
  const random = randomFrom(input.seed);
  const arrivals = arrivalsOf(input.trace, random);
  const target = 1 + (input.rules.signals[0]?.scaleUpThreshold ?? 0);
  const min = Math.max(1, input.min);
  const world = new World({ ...input, initial: Math.max(min, input.initial) });
  const counter = new Counter(world.desired);
  // The present count is the first recommendation.
  let recommended: readonly { readonly at: number; readonly count: number }[] = [{ at: 0, count: world.desired }];
  for (let now = 0; now < input.durationMs; now += stepMs) {
    world.step(now, arrivals(now / 1_000));
    counter.see(now, world.oldestWaitMs(now));
    // The same draw as `simulate`, so that both see the same arrivals.
    if (now % input.intervalMs === 0) random();
    if (now % lookMs !== 0) continue;
    const count = nextCount();
    if (count === world.desired) continue;
    world.scaleBlindly(now, count);
    counter.change(count);

    function nextCount(): number {
      const { waiting, leased } = world.observe(now);
      const total = waiting.kind === "value" && leased.kind === "value" ? waiting.value + leased.value : 0;
      const ratio = total / (world.desired * target);
      const isWithin = 1 - tolerance <= ratio && ratio <= 1 + tolerance;
      const wanted = isWithin ? world.desired : Math.ceil(total / target);
      recommended = [...recommended.filter(({ at }) => at > now - windowMs), { at: now, count: wanted }];
      const largest = Math.max(...recommended.map(({ count: one }) => one));
      const stable = Math.max(wanted, Math.min(world.desired, largest));
      const limited = Math.min(stable, Math.max(2 * world.desired, world.desired + 4));
      return Math.min(input.max, Math.max(min, limited));
    }
  }
  const { reversals, missed } = counter;
  const { busyStopped, instanceMs } = world;
  return { reversals, missedMinutes: missed.size, instanceMinutes: instanceMs / 60_000, busyStopped };
}
