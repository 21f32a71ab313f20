import { expect, test } from "vitest";
import type { InstanceStatus } from "../../../agent-api/status.ts";
import type { MeasuredUsage } from "../../../drivers/driver.ts";
import { idlePercentage } from "./idle.ts";
import { loadPercentage } from "./load.ts";
import { averageResponseTime } from "./response-time.ts";

const up = (id: string, report: Partial<InstanceStatus> = {}): InstanceStatus => ({
  ...{ id, state: "running", restarts: 0, health: "busy" },
  ...report,
});
const now = 1_000_000;
const usageOf = (...cpus: (MeasuredUsage["cpu"] | undefined)[]) =>
  new Map(cpus.map((cpu, index) => [`w-${index}`, cpu === undefined ? {} : { cpu }]));

test.each([
  [
    "all measured",
    { staying: [up("w-0"), up("w-1")], desired: 2, usage: usageOf(0.5, 0.3) },
    { kind: "value", value: 80 },
  ],
  ["one starts", { staying: [up("w-0")], desired: 2, usage: usageOf(1) }, { kind: "stale", value: 100, ageMs: 0 }],
  [
    "one is not measured",
    { staying: [up("w-0"), up("w-1")], desired: 2, usage: usageOf(0.5, undefined) },
    { kind: "stale", value: 50, ageMs: 0 },
  ],
  [
    "none is measured",
    { staying: [up("w-0")], desired: 1, usage: new Map() },
    { kind: "unknown", reason: "none of 1 instances is measured" },
  ],
  ["there is none", { staying: [], desired: 0, usage: undefined }, { kind: "value", value: 0 }],
  [
    "by their own figures",
    { staying: [up("w-0", { cpu: 0.25, silentMs: 900 })], desired: 1, usage: undefined },
    { kind: "value", value: 50 },
  ],
  [
    "one has long said nothing",
    {
      staying: [up("w-0", { cpu: 0.25 }), up("w-1", { cpu: 0.25, health: "unresponsive", silentMs: 99_000 })],
      desired: 2,
      usage: undefined,
    },
    { kind: "stale", value: 50, ageMs: 99_000 },
  ],
  [
    "the figures are old",
    { staying: [up("w-0")], desired: 1, usage: new Map([["w-0", { cpu: 0.5, at: now - 300_000 }]]) },
    { kind: "stale", value: 100, ageMs: 300_000 },
  ],
])("the load where %s", (_, given, signal) => {
  expect(loadPercentage({ ...given, cores: 0.5, now })).toEqual(signal);
});

test("a load is unknown where nothing is requested", () => {
  expect(loadPercentage({ staying: [up("w-0")], desired: 1, usage: usageOf(1), cores: 0, now }).kind).toBe("unknown");
});

test.each([
  [
    "of tasks, not of instances",
    [up("a", { responseMs: 100, tasksPerMinute: 9 }), up("b", { responseMs: 1100, tasksPerMinute: 1 })],
    { kind: "value", value: 200 },
  ],
  [
    "of those that had a task",
    [up("a", { responseMs: 100 }), up("b", { tasksPerMinute: 0 })],
    { kind: "value", value: 100 },
  ],
  [
    "zero where all are idle and had none",
    [up("a", { tasksPerMinute: 0, health: "idle" })],
    { kind: "value", value: 0 },
  ],
  ["unknown where the only one works on its first", [up("a", { tasksPerMinute: 0 })], { kind: "unknown" }],
  ["unknown where none measures it", [up("a", { health: "idle" })], { kind: "unknown" }],
  [
    "stale where one has long said nothing",
    [up("a", { responseMs: 100 }), up("b", { health: "unresponsive", silentMs: 50_000 })],
    { kind: "stale", value: 100, ageMs: 50_000 },
  ],
])("the response time is %s", (_, staying, signal) => {
  expect(averageResponseTime(staying, staying.length)).toMatchObject(signal);
});

test("without instances nothing responds and none is idle", () => {
  expect(averageResponseTime([], 0)).toEqual({ kind: "value", value: 0 });
  expect(averageResponseTime([], 2).kind).toBe("unknown");
  expect(idlePercentage({ desired: 0, starting: 0, idle: 0, busy: 0, failed: 0 })).toEqual({ kind: "value", value: 0 });
  expect(idlePercentage({ desired: 4, starting: 1, idle: 2, busy: 1, failed: 0 })).toEqual({
    kind: "value",
    value: 50,
  });
});
