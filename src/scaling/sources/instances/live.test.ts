import { expect, test } from "vitest";
import type { InstanceStatus } from "../../../agent-api/status.ts";
import { liveOf, stayingInstances } from "./live.ts";

const running = { id: "w-0", state: "running", restarts: 0 } as const;
const none = { starting: 0, idle: 0, busy: 0, failed: 0 };

test.each<[string, Omit<InstanceStatus, "id" | "restarts">, object]>([
  ["idle", { state: "running", health: "idle" }, { idle: 1 }],
  ["busy", { state: "running", health: "busy" }, { busy: 1 }],
  ["idle by its word, with an open task", { state: "running", health: "idle", tasks: ["t"] }, { busy: 1 }],
  ["running, and nothing is heard of it", { state: "running" }, { busy: 1 }],
  ["starting", { state: "starting" }, { starting: 1 }],
  ["running, not registered", { state: "running", health: "starting" }, { starting: 1 }],
  ["failed by its word", { state: "running", health: "failed" }, { failed: 1 }],
  ["unresponsive", { state: "running", health: "unresponsive" }, { failed: 1 }],
  ["backing off", { state: "backing-off", health: "failed" }, { failed: 1 }],
  ["drained", { state: "running", health: "drained" }, {}],
])("an instance that is %s", (_, instance, counts) => {
  expect(liveOf([{ ...running, ...instance }], undefined)).toEqual({ ...none, desired: 1, ...counts });
});

test("what is desired and not there yet is starting", () => {
  expect(liveOf([{ ...running, health: "idle" }], 4)).toEqual({ ...none, desired: 4, idle: 1, starting: 3 });
  expect(liveOf([], 0)).toEqual({ ...none, desired: 0 });
});

test("instances that stop or retire do not count", () => {
  const instances = [
    { ...running, health: "idle" as const },
    { ...running, state: "stopping" as const },
    { ...running, retiring: true as const, health: "busy" as const },
  ];
  expect(stayingInstances({ instances })).toEqual([instances[0]]);
  expect(stayingInstances(undefined)).toEqual([]);
});
