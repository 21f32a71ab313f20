import fc from "fast-check";
import type { AgentScaling, Pin, RuleSignal, ScalingConfig } from "../decide/config.ts";
import type { Signal } from "../signal.ts";
import type { ClusterLook, ClusterRun, Finding } from "./run-cluster.ts";
import { defaults } from "./traces.fixture.ts";

const minute = 60_000;
const epoch = 1_700_000_000_000;

const ruleSignals: readonly RuleSignal[] = [
  { metric: "task_queue_length", scaleUpThreshold: 5, scaleDownThreshold: 0 },
  { metric: "task_queue_length", scaleUpThreshold: 0, scaleDownThreshold: 2 },
  { metric: "load_percentage", scaleUpThreshold: 80, scaleDownThreshold: 20 },
  { metric: "avg_response_time", scaleUpThreshold: 5_000, scaleDownThreshold: 1_000 },
  { metric: "idle_agents", scaleUpThreshold: 0, scaleDownThreshold: 50 },
  { metric: "expression", scaleUpThreshold: 10, scaleDownThreshold: 5 },
];

/** A person's order of a run: none, for ever, or for a part of the run. */
const pins: fc.Arbitrary<Pin | undefined> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant({ by: "ada", until: undefined }) },
  { weight: 1, arbitrary: fc.constant({ by: "ada", until: epoch + 10 * minute }) },
);

const agents: fc.Arbitrary<Omit<AgentScaling, "agent" | "role" | "reportsTo">> = fc
  .record({
    min: fc.integer({ min: 0, max: 2 }),
    span: fc.integer({ min: 0, max: 12 }),
    pin: pins,
    rules: fc.record({
      signals: fc.uniqueArray(fc.constantFrom(...ruleSignals), { minLength: 1, maxLength: 3 }),
      cooldownMs: fc.constantFrom(0, 30_000, minute),
      windowMs: fc.constantFrom(0, 30_000, 5 * minute),
      tolerance: fc.constantFrom(0, 0.1, 0.5),
      maxStep: fc.constantFrom(undefined, 1, 3),
      panicFactor: fc.constantFrom(1, 2, 10),
      fallback: fc.constantFrom(undefined, 0, 3),
    }),
    isFixed: fc.boolean(),
  })
  .map(({ min, span, pin, rules, isFixed }) => ({
    ...{ min, max: min + span, pin },
    rules: isFixed && span === 0 ? undefined : { ...defaults, ...rules },
  }));

/** A supervisor, a lead, and what reports to them. */
const configs: fc.Arbitrary<ScalingConfig> = fc
  .record({
    agents: fc.array(agents, { minLength: 4, maxLength: 5 }),
    pause: pins,
    maxWorkers: fc.integer({ min: 6, max: 60 }),
    minWorkers: fc.integer({ min: 0, max: 6 }),
    limit: fc.constantFrom(undefined, 0, 2.5, 8, 100),
    units: fc.tuple(fc.constantFrom(0, 1, 0.7), fc.constantFrom(0, 1, 2)),
  })
  .map(({ agents: given, pause, maxWorkers, minWorkers, limit, units: [one, two] }) => ({
    ...{ pause, maxWorkers, minWorkers },
    agents: given.map((scaling, index) => ({ ...scaling, ...(places[index] ?? places[0]) })),
    ceilings: [{ name: "pool big", limit, units: { lead: one, writer: two, reader: one } }],
  }));

const places = [
  { agent: "boss", role: "supervisor", reportsTo: undefined },
  { agent: "lead", role: "lead", reportsTo: "boss" },
  { agent: "writer", role: "worker", reportsTo: "lead" },
  { agent: "reader", role: "specialist", reportsTo: "lead" },
  { agent: "clerk", role: "worker", reportsTo: "boss" },
] as const;

const numbers = fc.oneof(
  fc.constantFrom(0, 1, 3, 30, 90, 6_000, Number.NaN, Number.POSITIVE_INFINITY, -1),
  fc.integer({ min: 0, max: 200 }),
);
const signals: fc.Arbitrary<Signal> = fc.oneof(
  { weight: 8, arbitrary: numbers.map((value): Signal => ({ kind: "value", value })) },
  { weight: 1, arbitrary: numbers.map((value): Signal => ({ kind: "stale", value, ageMs: 90_000 })) },
  { weight: 1, arbitrary: fc.constant<Signal>({ kind: "unknown", reason: "connection refused" }) },
);

const rarely = fc.integer({ min: 0, max: 9 }).map((one) => one === 9);

const findings: fc.Arbitrary<Finding> = fc.record({
  busy: fc.constantFrom(0, 0, 0.5, 1),
  starting: fc.constantFrom(0, 0, 0.5, 1),
  isBlind: rarely,
  waiting: signals,
  signals: fc.array(signals, { minLength: 3, maxLength: 3 }),
  isRefused: rarely,
});

const looks: fc.Arbitrary<ClusterLook> = fc
  .record({
    afterMs: fc.constantFrom(1_000, 10_000, 30_000, 5 * minute, 20 * minute, -5 * minute),
    restart: fc.constantFrom("none", "none", "none", "none", "none", "none", "none", "remembers", "forgets"),
    each: fc.array(findings, { minLength: 5, maxLength: 5 }),
  })
  .map(({ afterMs, restart, each }) => ({
    ...{ afterMs, restart },
    findings: Object.fromEntries(
      places.flatMap(({ agent }, index) => {
        const found = each[index];
        return found === undefined ? [] : [[agent, found] as const];
      }),
    ),
  }));

/** Any cluster, with findings that no world has: the rules of the control law hold for them too. */
export const clusterRuns: fc.Arbitrary<ClusterRun> = fc
  .record({
    config: configs,
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }),
    looks: fc.array(looks, { minLength: 1, maxLength: 12 }),
  })
  .map(({ config, shares, looks: given }) => ({
    config,
    counts: Object.fromEntries(
      config.agents.map(({ agent, min, max }, index) => [agent, min + Math.round((shares[index] ?? 0) * (max - min))]),
    ),
    looks: given,
  }));

/** The last signals of a run, with idle instances and an empty queue, half an hour later. */
export function quietLook({ looks: given }: ClusterRun): ClusterLook {
  const last = given.at(-1)?.findings ?? {};
  const quiet = Object.entries(last).map(([agent, { signals: same }]) => {
    const waiting: Signal = { kind: "value", value: 0 };
    return [agent, { busy: 0, starting: 0, isBlind: false, waiting, signals: same, isRefused: false }] as const;
  });
  return { afterMs: 30 * minute, restart: "none", findings: Object.fromEntries(quiet) };
}
