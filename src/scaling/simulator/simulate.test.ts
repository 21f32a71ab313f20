import fc from "fast-check";
import { expect, test } from "vitest";
import { simulateHpa } from "./hpa.ts";
import { violations } from "./invariants.ts";
import { type Recorded, replay } from "./replay.ts";
import { type Simulation, simulate } from "./simulate.ts";
import { defaults, simulations } from "./traces.fixture.ts";

const seed = 20_261_201;

test("no trace makes the control law break one of its rules (500 traces; the full tier has 10,000)", () => {
  fc.assert(
    fc.property(simulations, (simulation) => {
      expect(violations(simulate(simulation), simulation)).toEqual([]);
    }),
    { numRuns: 500, seed },
  );
});

test("recorded decisions are repeated, also from their JSON", () => {
  const recorded = simulate({ ...base, lossShare: 0.2 }).looks.map(
    ({ decision, ...look }): Recorded => ({ ...look, agents: { [decision.agent]: decision } }),
  );
  expect(recorded.length).toBeGreaterThan(100);
  expect(replay(JSON.parse(JSON.stringify(recorded)))).toEqual([]);
  const [first] = recorded;
  if (first === undefined) throw new Error("nothing was recorded");
  const other = { ...first, observation: { ...first.observation, agents: {} } };
  expect(replay([other])).toMatchObject([{ agent: "writer", replayed: { code: "unknown-instances" } }]);
});

const base: Simulation = {
  seed,
  trace: { shape: "square", peak: 0.3, period: 900, noise: 0.15 },
  rules: defaults,
  ...{ min: 0, max: 40, initial: 0, startMs: 5_000, taskMs: 20_000, intervalMs: 15_000, durationMs: 3 * 3_600_000 },
};

test("an instance with a long task and an empty queue stays until it has ended", () => {
  const once = simulate({ ...base, trace: { shape: "burst", peak: 0.03, period: 3_600, noise: 0 }, taskMs: 600_000 });
  const held = once.looks.filter(({ observation }) => (observation.agents.writer?.live?.busy ?? 0) > 0);
  expect(held.length).toBeGreaterThan(10);
  for (const { decision } of held) expect(decision.to).toBeGreaterThanOrEqual(1);
  expect(once.looks.some(({ decision }) => decision.action === "down" && decision.to === 0)).toBe(true);
});

test("beside a HorizontalPodAutoscaler with its defaults: at most half of its reversals, and no more minutes with late tasks", () => {
  const totals = { ours: 0, hpa: 0, oursMissed: 0, hpaMissed: 0, busyStopped: 0 };
  for (const shape of ["square", "sawtooth", "burst"] as const) {
    for (const period of [600, 1_200, 2_400]) {
      const input = { ...base, trace: { ...base.trace, shape, period } };
      const [ours, hpa] = [simulate(input), simulateHpa(input)];
      totals.ours += ours.reversals;
      totals.hpa += hpa.reversals;
      totals.oursMissed += ours.missedMinutes;
      totals.hpaMissed += hpa.missedMinutes;
      totals.busyStopped += hpa.busyStopped;
    }
  }
  expect(totals.ours).toBeLessThanOrEqual(totals.hpa / 2);
  expect(totals.oursMissed).toBeLessThanOrEqual(totals.hpaMissed);
});
