import type { ScalingConfig, ScalingRules } from "../decide/config.ts";
import { decide } from "../decide/decide.ts";
import type { AgentDecision } from "../decide/decision.ts";
import { newMemory, type ScalingMemory } from "../decide/memory.ts";
import type { ClusterObservation } from "../observation.ts";
import { arrivalsOf, type Trace } from "./arrivals.ts";
import { randomFrom } from "./random.ts";
import { stepMs, World } from "./world.ts";

export interface Simulation {
  readonly seed: number;
  readonly trace: Trace;
  readonly rules: ScalingRules;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  readonly startMs: number;
  readonly taskMs: number;
  readonly intervalMs: number;
  readonly durationMs: number;
  /** Share of the looks at which no signal is known. */
  readonly lossShare?: number;
  /** Times at which the autoscaler restarts, in milliseconds from the start; without its memory where `forgets`. */
  readonly restarts?: readonly number[];
  readonly forgets?: boolean;
}

/** One look, with all that `decide` got: it can be replayed. */
export interface Look {
  readonly memory: ScalingMemory;
  readonly observation: ClusterObservation;
  readonly config: ScalingConfig;
  readonly now: number;
  readonly decision: AgentDecision;
}

export interface Outcome {
  readonly looks: readonly Look[];
  /** Changes of direction. */
  readonly reversals: number;
  /** Minutes in which a task waited longer than the limit. */
  readonly missedMinutes: number;
  readonly instanceMinutes: number;
}

const agent = "writer";
/** A task that waits longer has missed its time. */
const waitLimitMs = 60_000;
/** Virtual start: times are never 0. */
const epoch = 1_700_000_000_000;

/** Runs the control law against a world in virtual time; the same input gives the same outcome. */
export function simulate(input: Simulation): Outcome {
  const random = randomFrom(input.seed);
  const arrivals = arrivalsOf(input.trace, random);
  const world = new World(input);
  const { rules, min, max } = input;
  const scaling = { agent, role: "worker", reportsTo: undefined, min, max, rules, pin: undefined } as const;
  const config: ScalingConfig = { agents: [scaling], minWorkers: 0, maxWorkers: max, ceilings: [], pause: undefined };
  const counter = new Counter(input.initial);
  const looks: Look[] = [];
  let memory = newMemory(epoch);
  for (let elapsed = 0; elapsed < input.durationMs; elapsed += stepMs) {
    const now = epoch + elapsed;
    world.step(now, arrivals(elapsed / 1_000));
    counter.see(elapsed, world.oldestWaitMs(now));
    if (input.restarts?.includes(elapsed) && input.forgets) memory = newMemory(now);
    if (elapsed % input.intervalMs !== 0) continue;
    const lost = random() < (input.lossShare ?? 0) ? "connection refused" : undefined;
    const observation = { at: now, agents: { [agent]: world.observe(now, lost) } };
    const decided = decide(memory, observation, config, now);
    const decision = decided.agents[agent];
    if (decision === undefined) continue;
    looks.push({ memory, observation, config, now, decision });
    memory = decided.memory;
    if (decision.to === undefined || decision.to === world.desired) continue;
    world.scale(now, decision.to);
    counter.change(decision.to);
  }
  const { reversals, missed } = counter;
  return { looks, reversals, missedMinutes: missed.size, instanceMinutes: world.instanceMs / 60_000 };
}

/** Counts changes of direction, and minutes with a task that waits too long. */
export class Counter {
  #count: number;
  #direction = 0;
  reversals = 0;
  readonly missed = new Set<number>();

  constructor(count: number) {
    this.#count = count;
  }

  change(count: number): void {
    const direction = Math.sign(count - this.#count);
    if (direction !== 0 && this.#direction !== 0 && direction !== this.#direction) this.reversals++;
    if (direction !== 0) this.#direction = direction;
    this.#count = count;
  }

  see(elapsedMs: number, oldestWaitMs: number): void {
    if (oldestWaitMs > waitLimitMs) this.missed.add(Math.floor(elapsedMs / 60_000));
  }
}
