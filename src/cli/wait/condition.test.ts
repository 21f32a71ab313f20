import { expect, test } from "vitest";
import type { RuntimeStatus } from "../../drivers/driver.ts";
import {
  judgeIdle,
  judgeOperation,
  judgeReady,
  judgeState,
  judgeTask,
  parseCondition,
  type WaitCondition,
} from "./condition.ts";

test.each<[string, WaitCondition]>([
  ["active", { kind: "state", state: "active" }],
  ["HIBERNATED", { kind: "state", state: "hibernated" }],
  ["destroyed", { kind: "state", state: "destroyed" }],
  ["ready", { kind: "ready" }],
  ["idle", { kind: "idle" }],
  ["agent=writer", { kind: "ready", agent: "writer" }],
  ["instance=writer-0", { kind: "ready", instance: "writer-0" }],
  ["operation=op-1", { kind: "operation", id: "op-1" }],
  ["task=task-1", { kind: "task", id: "task-1" }],
])("--for=%s", (text, condition) => {
  expect(parseCondition(text)).toEqual(condition);
});

test.each([
  "",
  "running",
  "operation",
  "operation=",
  "task",
  "agent=",
  "active=x",
  "ready=writer",
  "=x",
])("--for=%s is refused", (text) => {
  expect(() => parseCondition(text)).toThrow(/is not one of active/);
});

test.each([
  ["active", "ACTIVE", "met"],
  ["active", "SPAWNING", "waiting"],
  ["active", "HIBERNATED", "waiting"],
  ["active", "MIGRATING", "waiting"],
  ["active", "FAILED", "never"],
  ["active", undefined, "never"],
  ["hibernated", "HIBERNATED", "met"],
  ["hibernated", "ACTIVE", "waiting"],
  ["hibernated", "FAILED", "never"],
  ["destroyed", undefined, "met"],
  ["destroyed", "DESTROYED", "met"],
  ["destroyed", "DESTROYING", "waiting"],
  ["destroyed", "FAILED", "waiting"],
] as const)("for %s, a cluster that is %s: %s", (wanted, status, verdict) => {
  const cluster = status && { status, statusReason: "spawn: no room" };
  expect(judgeState(wanted, cluster).verdict).toBe(verdict);
});

const one = { id: "writer-0", state: "running", health: "idle", restarts: 0 } as const;
const status = (...instances: RuntimeStatus["agents"][number]["instances"]): RuntimeStatus => ({
  api: "process 1",
  agents: [{ agent: "writer", role: "worker", name: "Writer", running: instances.length, instances }],
});

test.each<[string, Parameters<typeof judgeReady>, string, RegExp]>([
  ["all ready", [{}, status(one), { writer: 1 }], "met", /1 of 1/],
  ["busy counts as ready", [{}, status({ ...one, health: "busy" }), { writer: 1 }], "met", /1 of 1/],
  ["one is missing", [{}, status(one), { writer: 2 }], "waiting", /1 of 2/],
  ["one starts", [{}, status({ ...one, health: "starting" }), { writer: 1 }], "waiting", /writer-0 is starting/],
  ["one is silent", [{}, status({ ...one, health: "unresponsive" }), { writer: 1 }], "waiting", /unresponsive/],
  [
    "no health is not ready",
    [{}, status({ id: "w", state: "running", restarts: 0 }), { writer: 1 }],
    "waiting",
    /0 of 1/,
  ],
  ["nothing runs", [{}, undefined, { writer: 1 }], "waiting", /0 of 1/],
  ["scaled to zero", [{}, undefined, { writer: 0 }], "met", /0 of 0/],
  ["unknown size: at least one", [{}, status(), undefined], "waiting", /0 of 1/],
  ["an agent", [{ agent: "writer" }, status(one), { writer: 1, boss: 1 }], "met", /1 of 1/],
  ["no such agent", [{ agent: "editor" }, status(one), { writer: 1 }], "never", /agents: writer/],
  ["an instance", [{ instance: "writer-0" }, status(one), { writer: 2 }], "met", /idle/],
  ["no such instance yet", [{ instance: "writer-7" }, status(one), { writer: 2 }], "waiting", /no instance writer-7/],
  [
    "a crash with its reason",
    [{}, status({ ...one, state: "backing-off", health: "failed", reason: "exit 2\nx" }), { writer: 1 }],
    "waiting",
    /writer-0 is backing-off \(exit 2\)/,
  ],
])("ready: %s", (_name, given, verdict, now) => {
  expect(judgeReady(...given)).toEqual({ verdict, now: expect.stringMatching(now) });
});

test("unknown is not idle", () => {
  expect(judgeIdle({ kind: "quiet", quietMs: 2_000 }).verdict).toBe("met");
  expect(judgeIdle({ kind: "busy", why: "1 task" }).verdict).toBe("waiting");
  expect(judgeIdle({ kind: "unknown", why: "no answer" }).verdict).toBe("waiting");
});

test.each([
  ["succeeded", 1, "met"],
  ["running", null, "waiting"],
  ["queued", null, "waiting"],
  ["failed", 1, "never"],
  ["rolled-back", 1, "never"],
  ["cancelled", 1, "never"],
] as const)("an operation that is %s", (state, endedAt, verdict) => {
  expect(judgeOperation({ status: state, endedAt, error: { message: "no room" } }).verdict).toBe(verdict);
});

test.each([
  ["done", "met"],
  ["waiting", "waiting"],
  ["leased", "waiting"],
  ["dead", "never"],
  ["cancelled", "never"],
] as const)("a task that is %s", (state, verdict) => {
  expect(judgeTask({ state }).verdict).toBe(verdict);
});
