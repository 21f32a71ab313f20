import fc from "fast-check";
import type { ScalingRules } from "../decide/config.ts";
import { shapes } from "./arrivals.ts";
import type { Simulation } from "./simulate.ts";

export const defaults: ScalingRules = {
  signals: [{ metric: "task_queue_length", scaleUpThreshold: 5, scaleDownThreshold: 0 }],
  ...{ cooldownMs: 60_000, windowMs: 300_000, tolerance: 0.1, maxStep: undefined },
  ...{ panicFactor: 2, failForMs: 180_000, fallback: undefined },
};

const minute = 60_000;

/** Any agent under any trace: half an hour to two hours of virtual time. */
export const simulations: fc.Arbitrary<Simulation> = fc
  .record({
    seed: fc.nat(),
    trace: fc.record({
      shape: fc.constantFrom(...shapes),
      peak: fc.double({ min: 0.01, max: 3, noNaN: true }),
      period: fc.integer({ min: 60, max: 1_800 }),
      noise: fc.constantFrom(0, 0.15, 0.5),
    }),
    range: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 40 })),
    up: fc.integer({ min: 0, max: 8 }),
    windowMs: fc.constantFrom(30_000, minute, 5 * minute),
    cooldownMs: fc.constantFrom(0, 30_000, minute),
    maxStep: fc.constantFrom(undefined, 1, 5),
    fallback: fc.constantFrom(undefined, 0, 2),
    startMs: fc.integer({ min: 0, max: 120_000 }),
    taskMs: fc.integer({ min: 1_000, max: 180_000 }),
    lossShare: fc.constantFrom(0, 0.1, 0.9),
    restart: fc.integer({ min: 0, max: 29 }),
    forgets: fc.boolean(),
  })
  .map(({ range: [min, span], up, windowMs, cooldownMs, maxStep, fallback, restart, ...rest }) => ({
    ...rest,
    ...{ min, max: min + span, initial: min, intervalMs: 10_000, durationMs: 30 * minute },
    restarts: [restart * minute],
    rules: {
      ...defaults,
      ...{ windowMs, cooldownMs, maxStep, fallback },
      signals: [{ metric: "task_queue_length", scaleUpThreshold: up, scaleDownThreshold: 0 }],
    },
  }));
