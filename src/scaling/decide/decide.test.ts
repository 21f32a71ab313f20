import { expect, test } from "vitest";
import type { AgentObservation, ClusterObservation, LiveInstances } from "../observation.ts";
import type { Signal } from "../signal.ts";
import type { AgentScaling, ScalingConfig, ScalingRules } from "./config.ts";
import { decide } from "./decide.ts";
import { newMemory, type ScalingMemory } from "./memory.ts";

const minute = 60_000;
const start = 1_000 * minute;

const rules: ScalingRules = {
  signals: [{ metric: "task_queue_length", scaleUpThreshold: 5, scaleDownThreshold: 0 }],
  cooldownMs: minute,
  windowMs: 5 * minute,
  tolerance: 0.1,
  maxStep: undefined,
  panicFactor: 2,
  failForMs: 3 * minute,
  fallback: undefined,
};

function agent(changes: Partial<AgentScaling> = {}): AgentScaling {
  return {
    ...{ agent: "writer", role: "worker", reportsTo: undefined, min: 0, max: 100, rules, pin: undefined },
    ...changes,
  };
}

function cluster(agents: readonly AgentScaling[], changes: Partial<ScalingConfig> = {}): ScalingConfig {
  return { agents, minWorkers: 0, maxWorkers: 1_000, ceilings: [], pause: undefined, ...changes };
}

const value = (number: number): Signal => ({ kind: "value", value: number });
const lost: Signal = { kind: "unknown", reason: "connect ECONNREFUSED" };

/** An agent with these instances and tasks. */
function seen(live: Partial<LiveInstances>, waiting: number, signals?: readonly Signal[]): AgentObservation {
  const all = { starting: 0, idle: 0, busy: 0, failed: 0, ...live };
  const instances = { desired: all.starting + all.idle + all.busy + all.failed, ...all };
  return {
    live: instances,
    waiting: value(waiting),
    leased: value(instances.busy),
    signals: signals ?? [value(waiting + instances.busy)],
  };
}

function at(now: number, agents: Readonly<Record<string, AgentObservation>>): ClusterObservation {
  return { at: now, agents };
}

/** Decides for one agent, by default with a memory that is older than every window. */
function once(
  observed: AgentObservation,
  changes: Partial<AgentScaling> = {},
  memory: ScalingMemory = newMemory(0),
  config: Partial<ScalingConfig> = {},
) {
  return decide(memory, at(start, { writer: observed }), cluster([agent(changes)], config), start).agents.writer;
}

test.each<[string, AgentObservation, number, string]>([
  ["a waiting task starts the first instance", seen({}, 1), 1, "demand"],
  ["an instance works on one task and has five waiting", seen({ busy: 1 }, 5), 1, "steady"],
  ["one more than the threshold is one more instance", seen({ busy: 1 }, 6), 2, "demand"],
  ["0 to 100 in one decision", seen({}, 600), 100, "demand"],
  ["a burst over the maximum", seen({ busy: 1 }, 6_000), 100, "at-max"],
  ["an empty queue lets idle instances go", seen({ idle: 4 }, 0), 0, "demand"],
  ["instances that hold a task stay", seen({ idle: 3, busy: 2 }, 0), 2, "busy"],
  ["waiting tasks keep the count", seen({ idle: 3, busy: 1 }, 1), 4, "steady"],
  ["instances that start count as supply", seen({ starting: 5 }, 30), 5, "steady"],
  ["an unknown signal never lowers", seen({ idle: 4 }, 0, [lost]), 4, "unknown-signal"],
  [
    "a stale signal never lowers",
    seen({ idle: 4 }, 0, [{ kind: "stale", value: 0, ageMs: 90_000 }]),
    4,
    "unknown-signal",
  ],
  ["a stale signal raises", seen({}, 30, [{ kind: "stale", value: 30, ageMs: 90_000 }]), 5, "demand"],
])("%s", (_title, observed, to, code) => {
  expect(once(observed)).toMatchObject({ to, code });
});

test("from none, a waiting task starts the first, whatever the other signals say", () => {
  const byQuery = {
    ...rules,
    signals: [{ metric: "expression", scaleUpThreshold: 10, scaleDownThreshold: 5 }],
  } as const;
  for (const signals of [[value(0)], [lost], [value(Number.NaN)]]) {
    expect(once(seen({}, 1, signals), { rules: byQuery })).toMatchObject({
      ...{ to: 1, code: "demand" },
      reason: "1 task waits and no instance runs: the first one starts",
    });
  }
  expect(once(seen({ idle: 1 }, 1, [value(0)]), { rules: byQuery })?.to).toBe(1);
  expect(once(seen({ idle: 1 }, 0, [value(0)]), { rules: byQuery })?.to).toBe(0);
});

test("a clock that is set back delays a decrease by one window, and no longer", () => {
  const hour = 60 * minute;
  const known = decide(newMemory(0), at(start, { writer: seen({}, 30) }), cluster([agent()]), start).memory;
  const before = start - hour;
  const set = decide(known, at(before, { writer: seen({ idle: 5 }, 0) }), cluster([agent()]), before);
  expect(set.agents.writer).toMatchObject({ to: 5, action: "hold" });
  const later = before + 5 * minute;
  const after = decide(set.memory, at(later, { writer: seen({ idle: 5 }, 0) }), cluster([agent()]), later);
  expect(after.agents.writer).toMatchObject({ to: 0, action: "down" });
});

test("what takes long to start is kept as long, up to four windows", () => {
  const kept = (startsMs: readonly number[]) => {
    const idle = decide(newMemory(0), at(0, { writer: seen({ idle: 4 }, 20) }), cluster([agent()]), start - 6 * minute);
    const writer = idle.memory.agents.writer;
    if (writer === undefined) throw new Error("nothing is remembered");
    return once(seen({ idle: 4 }, 0), {}, { since: 0, agents: { writer: { ...writer, startsMs } } });
  };
  expect(kept([minute])).toMatchObject({ to: 0 });
  expect(kept([8 * minute])).toMatchObject({
    ...{ to: 4, code: "window" },
    reason: "4 were wanted within the last 480 s",
  });
  expect(kept([1_000 * minute])).toMatchObject({ reason: "4 were wanted within the last 1200 s" });
});

test("a target that does not answer gets no write", () => {
  const observed = { ...seen({ idle: 1 }, 0), live: undefined };
  expect(once(observed)).toMatchObject({ from: undefined, to: undefined, action: "hold", code: "unknown-instances" });
});

test("one unknown signal of two blocks a decrease, and not a raise", () => {
  const two = {
    ...rules,
    signals: [...rules.signals, { metric: "load_percentage", scaleUpThreshold: 80, scaleDownThreshold: 20 }],
  } as const;
  expect(once(seen({ idle: 4 }, 0, [value(0), lost]), { rules: two })).toMatchObject({ to: 4, code: "unknown-signal" });
  expect(once(seen({ busy: 1 }, 11, [value(12), lost]), { rules: two })).toMatchObject({ to: 2, code: "demand" });
});

test.each<[string, ScalingRules["signals"][number], number, number, number]>([
  ["load over the threshold", { metric: "load_percentage", scaleUpThreshold: 80, scaleDownThreshold: 20 }, 95, 4, 5],
  ["load between", { metric: "load_percentage", scaleUpThreshold: 80, scaleDownThreshold: 20 }, 50, 4, 4],
  ["load under", { metric: "load_percentage", scaleUpThreshold: 80, scaleDownThreshold: 20 }, 10, 4, 1],
  ["slow responses", { metric: "avg_response_time", scaleUpThreshold: 5_000, scaleDownThreshold: 1_000 }, 7_000, 4, 6],
  [
    "very slow responses double at most",
    { metric: "avg_response_time", scaleUpThreshold: 5_000, scaleDownThreshold: 1_000 },
    90_000,
    4,
    8,
  ],
  ["more than half idle", { metric: "idle_agents", scaleUpThreshold: 0, scaleDownThreshold: 50 }, 75, 4, 2],
  ["half idle", { metric: "idle_agents", scaleUpThreshold: 0, scaleDownThreshold: 50 }, 50, 4, 4],
  ["an expression", { metric: "expression", scaleUpThreshold: 10, scaleDownThreshold: 5 }, 25, 4, 10],
])("%s", (_title, signal, measured, count, to) => {
  const observed = seen({ busy: 1, idle: count - 1 }, 0, [value(measured)]);
  expect(once(observed, { rules: { ...rules, signals: [signal] } })?.to).toBe(to);
});

test("a count falls to the largest one wanted within the window, after the cool-down", () => {
  const config = cluster([agent()]);
  let memory = newMemory(0);
  const step = (now: number, observed: AgentObservation) => {
    const decided = decide(memory, at(now, { writer: observed }), config, now);
    memory = decided.memory;
    return decided.agents.writer;
  };
  expect(step(start, seen({}, 30))).toMatchObject({ to: 5, code: "demand" });
  expect(step(start + 10_000, seen({ idle: 5 }, 0))).toMatchObject({ to: 5, code: "panic" });
  expect(step(start + 5 * minute - 1, seen({ idle: 5 }, 0))).toMatchObject({ to: 5 });
  expect(step(start + 5 * minute, seen({ idle: 5 }, 0))).toMatchObject({ to: 0, code: "demand" });
  expect(step(start + 5 * minute + 1_000, seen({}, 7))).toMatchObject({ to: 2, code: "demand" });
  expect(step(start + 5 * minute + 2_000, seen({ idle: 2 }, 0))).toMatchObject({ to: 2, action: "hold" });
});

test("the cool-down delays a decrease when the window is shorter", () => {
  const short = { ...rules, windowMs: 1_000 };
  const memory: ScalingMemory = {
    since: 0,
    agents: {
      writer: {
        window: [],
        changedAt: start - 30_000,
        loweredAt: undefined,
        patience: 1,
        failingSince: undefined,
        panicUntil: undefined,
        raise: undefined,
        startsMs: [],
      },
    },
  };
  expect(once(seen({ idle: 3 }, 0), { rules: short }, memory)).toMatchObject({
    ...{ to: 3, code: "cooldown" },
    reason: "the cool-down of 60 s has 30 s left",
  });
});

test("after a restart without memory a count holds or rises for one window", () => {
  expect(once(seen({ idle: 3 }, 0), {}, newMemory(start - 10_000))).toMatchObject({ to: 3, code: "restarted" });
  expect(once(seen({ busy: 1 }, 30), {}, newMemory(start - 10_000))).toMatchObject({ to: 6, code: "demand" });
});

test("no known signal for fail_for: the fallback applies, and never lowers", () => {
  const withFallback = { ...rules, fallback: 3 };
  const config = (fallback: number) => cluster([agent({ rules: { ...withFallback, fallback } })]);
  const run = (fallback: number) => {
    const first = decide(newMemory(0), at(start, { writer: seen({ idle: 1 }, 0, [lost]) }), config(fallback), start);
    const later = start + 3 * minute;
    return decide(first.memory, at(later, { writer: seen({ idle: 1 }, 0, [lost]) }), config(fallback), later);
  };
  expect(run(3).agents.writer).toMatchObject({ to: 3, code: "fallback" });
  expect(run(0).agents.writer).toMatchObject({ to: 1, code: "fallback" });
});

test("a person's count and pause are shown, not fought", () => {
  const pin = { by: "ada", until: undefined };
  expect(once(seen({ idle: 1 }, 30), { pin })).toMatchObject({
    to: undefined,
    wanted: 5,
    action: "hold",
    code: "pinned",
  });
  expect(once(seen({ idle: 1 }, 30), { pin: { by: "ada", until: start } })).toMatchObject({ to: 5 });
  const paused = once(seen({ idle: 1 }, 30), {}, undefined, { pause: { by: "ada", until: start + minute } });
  expect(paused).toMatchObject({ to: undefined, wanted: 5, code: "paused" });
  const ended = { pause: { by: "bob", until: start } };
  expect(once(seen({ idle: 1 }, 30), { pin }, undefined, ended)).toMatchObject({
    code: "pinned",
    reason: "ada set 1 until it is lifted: 5 would be right",
  });
});

const lead = agent({ agent: "lead", role: "lead", max: 1 });
const writer = agent({ reportsTo: "lead" });

test("a lead comes before its workers, and goes after them", () => {
  const both = cluster([lead, writer]);
  const decided = (live: Partial<LiveInstances>, leads: Partial<LiveInstances>, waiting: number) =>
    decide(newMemory(0), at(start, { lead: seen(leads, 0), writer: seen(live, waiting) }), both, start).agents;
  expect(decided({}, {}, 3)).toMatchObject({ lead: { to: 1, code: "tier" }, writer: { to: 1 } });
  expect(decided({ idle: 1 }, { idle: 1 }, 0)).toMatchObject({ lead: { to: 1, code: "tier" }, writer: { to: 0 } });
  expect(decided({}, { idle: 1 }, 0)).toMatchObject({ lead: { to: 0 }, writer: { to: 0 } });
});

test("an agent does not start while its lead cannot, unless a person keeps the lead away", () => {
  const pool = [{ name: "pool h100", limit: 0, units: { lead: 1 } }];
  const alone = (changes: Partial<AgentScaling>) =>
    decide(
      newMemory(0),
      at(start, { lead: seen({}, 0), writer: seen({}, 3) }),
      cluster([{ ...lead, ...changes }, writer], { ceilings: pool }),
      start,
    ).agents.writer;
  expect(alone({})).toMatchObject({ to: 0, code: "tier", reason: "lead, its lead, cannot start" });
  expect(alone({ pin: { by: "ada", until: undefined } })).toMatchObject({ to: 1 });
});

const tiers = [
  agent({ agent: "boss", role: "supervisor", max: 1 }),
  agent({ agent: "lead", role: "lead", max: 1, reportsTo: "boss" }),
  agent({ agent: "expert", role: "specialist", max: 2, reportsTo: "lead" }),
  agent({ agent: "writer", role: "worker", reportsTo: "lead" }),
];

test("every subset of the tiers may be at 0, and comes back with one task", () => {
  for (let subset = 0; subset < 2 ** tiers.length; subset++) {
    const live = tiers.map((_, index) => (subset >> index) % 2);
    const observed = Object.fromEntries(
      tiers.map(({ agent: key }, index) => [key, seen({ idle: live[index] ?? 0 }, key === "writer" ? 1 : 0)]),
    );
    const { agents } = decide(newMemory(0), at(start, observed), cluster(tiers), start);
    expect(agents).toMatchObject({ boss: { to: 1 }, lead: { to: 1 }, writer: { to: 1 } });
  }
});

test("a whole cluster goes from the leaves up, a tier at a time", () => {
  let live: Readonly<Record<string, number>> = { boss: 1, lead: 1, expert: 2, writer: 3 };
  let memory = newMemory(0);
  const seenCounts: string[] = [];
  for (let look = 0; look < 4; look++) {
    const now = start + look * 10 * minute;
    const observed = Object.fromEntries(Object.entries(live).map(([key, idle]) => [key, seen({ idle }, 0)]));
    const decided = decide(memory, at(now, observed), cluster(tiers), now);
    memory = decided.memory;
    live = Object.fromEntries(Object.entries(decided.agents).map(([key, { to }]) => [key, to ?? 0]));
    seenCounts.push(Object.values(live).join(" "));
  }
  expect(seenCounts).toEqual(["1 1 0 0", "1 0 0 0", "0 0 0 0", "0 0 0 0"]);
});

test("an agent whose count is not known fills its pool and keeps its lead", () => {
  const pool = [{ name: "pool h100", limit: 100, units: { expert: 1, writer: 1 } }];
  const blind = { ...seen({}, 0), live: undefined };
  const { agents } = decide(
    newMemory(0),
    at(start, { boss: seen({ idle: 1 }, 0), lead: seen({ idle: 1 }, 0), expert: blind, writer: seen({}, 6_000) }),
    cluster(tiers, { ceilings: pool }),
    start,
  );
  expect(agents).toMatchObject({
    lead: { to: 1, code: "tier" },
    expert: { to: undefined, code: "unknown-instances" },
    writer: { to: 98, code: "ceiling" },
  });
});

test("what falls leaves its room in a pool to the next decision", () => {
  const pool = [{ name: "pool h100", limit: 4, units: { expert: 1, writer: 1 } }];
  const both = (expert: Partial<LiveInstances>, writers: Partial<LiveInstances>) =>
    decide(
      newMemory(0),
      at(start, {
        boss: seen({ idle: 1 }, 0),
        lead: seen({ idle: 1 }, 0),
        expert: seen(expert, 0),
        writer: seen(writers, 60),
      }),
      cluster(tiers, { ceilings: pool }),
      start,
    ).agents;
  expect(both({ idle: 2 }, { busy: 1 })).toMatchObject({ expert: { to: 0 }, writer: { to: 2, code: "ceiling" } });
  expect(both({}, { busy: 2 })).toMatchObject({ expert: { to: 0 }, writer: { to: 4, code: "ceiling" } });
});

test("a pool allows what it has; an unknown limit allows nothing more", () => {
  const pool = (limit: number | undefined) => ({ ceilings: [{ name: "pool h100", limit, units: { writer: 2 } }] });
  expect(once(seen({ busy: 1 }, 60), {}, undefined, pool(8))).toMatchObject({
    to: 4,
    code: "ceiling",
    reason: "pool h100 allows 8",
  });
  expect(once(seen({ busy: 1 }, 60), {}, undefined, pool(undefined))).toMatchObject({ to: 1, code: "ceiling" });
});

test("max_workers and min_workers hold for the sum", () => {
  expect(once(seen({ busy: 2 }, 60), {}, undefined, { maxWorkers: 3 })).toMatchObject({ to: 3, code: "cluster-size" });
  expect(once(seen({ idle: 4 }, 0), {}, undefined, { minWorkers: 3 })).toMatchObject({ to: 3, code: "cluster-size" });
});

test("the start time is learned from raises", () => {
  const config = cluster([agent()]);
  const first = decide(newMemory(0), at(start, { writer: seen({}, 30) }), config, start);
  const second = decide(first.memory, at(start + 4_000, { writer: seen({ busy: 5 }, 25) }), config, start + 4_000);
  expect(second.memory.agents.writer?.startsMs).toEqual([4_000]);
});
