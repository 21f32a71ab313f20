import { expect, test } from "vitest";
import type { InstanceStatus } from "../../agent-api/status.ts";
import type { RuntimeStatus } from "../../drivers/driver.ts";
import { activityOf, takenTasks } from "./activity.ts";

const none = { waiting: 0, leased: 0 };

function cluster(...signs: readonly Partial<InstanceStatus>[]): RuntimeStatus {
  const instances = signs.map((sign, ordinal) => ({
    ...{ id: `worker-${ordinal}`, state: "running" as const, restarts: 0, health: "idle" as const },
    ...sign,
  }));
  return {
    api: "process 1",
    agents: [{ agent: "worker", role: "worker", name: "Worker", running: signs.length, instances }],
  };
}

test.each([
  { name: "all idle", status: cluster({}, {}), tasks: none, kind: "quiet" },
  {
    name: "one has failed",
    status: cluster({}, { health: "failed" }),
    tasks: none,
    kind: "quiet",
  },
  { name: "one is busy", status: cluster({}, { health: "busy" }), tasks: none, kind: "busy" },
  { name: "one starts", status: cluster({}, { health: "starting" }), tasks: none, kind: "busy" },
  { name: "one is idle and holds a task", status: cluster({ tasks: ["t"] }), tasks: none, kind: "busy" },
  { name: "a task waits", status: cluster({}), tasks: { waiting: 1, leased: 0 }, kind: "busy" },
  { name: "a task is held", status: cluster({}), tasks: { waiting: 0, leased: 1 }, kind: "busy" },
  { name: "one does not respond", status: cluster({}, { health: "unresponsive" }), tasks: none, kind: "unknown" },
  { name: "the agent server is down", status: { ...cluster({}), api: undefined }, tasks: none, kind: "unknown" },
  { name: "nothing runs", status: undefined, tasks: none, kind: "unknown" },
])("$name: $kind", ({ status, tasks, kind }) => {
  expect(activityOf(status, tasks, 5_000).kind).toBe(kind);
});

test("the quiet time is that since the last activity", () => {
  expect(activityOf(cluster({}), none, 5_000)).toEqual({ kind: "quiet", quietMs: 5_000 });
});

test("a waiting task that no agent takes is no work; a leased one is", () => {
  const counts = (waiting: number, leased = 0) => ({ waiting, leased, done: 0, dead: 0, cancelled: 0 });
  const bySelector = { "capability:x": counts(2, 1), "agent:worker": counts(1) };
  const all = { total: counts(3, 1), bySelector };
  expect(takenTasks({ ...all, unmatched: ["capability:x"] })).toEqual({ waiting: 1, leased: 1 });
  expect(takenTasks({ ...all, unmatched: [] })).toEqual({ waiting: 3, leased: 1 });
});
