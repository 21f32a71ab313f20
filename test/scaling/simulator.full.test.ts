import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterViolations } from "../../src/scaling/simulator/cluster-invariants.ts";
import { clusterRuns } from "../../src/scaling/simulator/clusters.fixture.ts";
import { violations } from "../../src/scaling/simulator/invariants.ts";
import { type Recorded, replay } from "../../src/scaling/simulator/replay.ts";
import { runCluster } from "../../src/scaling/simulator/run-cluster.ts";
import { type Simulation, simulate } from "../../src/scaling/simulator/simulate.ts";
import { defaults, simulations } from "../../src/scaling/simulator/traces.fixture.ts";

const seed = 20_261_201;
console.log(`seed ${seed}`);

test("no trace of 10,000 makes the control law break one of its rules", () => {
  fc.assert(
    fc.property(simulations, (simulation) => {
      expect(violations(simulate(simulation), simulation)).toEqual([]);
    }),
    { numRuns: 10_000, seed },
  );
});

test("no findings at 10,000 clusters make the control law break one of its rules", () => {
  fc.assert(
    fc.property(clusterRuns, (run) => {
      expect(clusterViolations(runCluster(run))).toEqual([]);
    }),
    { numRuns: 10_000, seed },
  );
});

const busy: Simulation = {
  seed,
  trace: { shape: "burst", peak: 0.02, period: 1_800, noise: 0.5 },
  rules: { ...defaults, windowMs: 30_000, cooldownMs: 0 },
  ...{ min: 0, max: 10, initial: 0, startMs: 5_000, taskMs: 60_000, intervalMs: 10_000, durationMs: 3_600_000 },
};

test("an instance that holds a task of 60 s with an empty queue is never stopped: 1,000 seeds", () => {
  let held = 0;
  for (let one = 0; one < 1_000; one++) {
    for (const { decision, observation } of simulate({ ...busy, seed: one }).looks) {
      const { live, waiting } = observation.agents.writer ?? {};
      if (live === undefined || live.busy === 0 || waiting?.kind !== "value" || waiting.value > 0) continue;
      held++;
      expect(decision.to).toBeGreaterThanOrEqual(live.busy);
    }
  }
  expect(held).toBeGreaterThan(1_000);
});

test("10,000 recorded decisions are repeated", () => {
  const recorded: Recorded[] = [];
  for (let one = 0; recorded.length < 10_000; one++) {
    for (const { decision, ...look } of simulate({ ...busy, seed: one, lossShare: 0.2 }).looks) {
      recorded.push({ ...look, agents: { [decision.agent]: decision } });
    }
  }
  expect(replay(JSON.parse(JSON.stringify(recorded)))).toEqual([]);
});
