import { expect, test } from "vitest";
import { isUp, type RestartTarget, restartPhase, selectTargets } from "./rolling-restart.ts";

type Present = Parameters<typeof restartPhase>[1][number];

const writer: Present = {
  id: "writer-0",
  agent: "writer",
  state: "running",
  health: "idle",
  restarts: 0,
  startedAt: "t1",
};
const other: Present = { ...writer, id: "writer-1" };
const boss: Present = { ...writer, id: "boss-0", agent: "boss" };
const target: RestartTarget = { id: "writer-0", agent: "writer", startedAt: "t1", replicas: 2 };

test.each<[string, readonly Present[], string]>([
  ["runs as before", [writer, other], "before"],
  ["failed before", [{ ...writer, state: "backing-off", health: "failed" }, other], "before"],
  ["is stopping", [{ ...writer, state: "stopping" }, other], "between"],
  ["starts again", [{ ...writer, startedAt: "t2", state: "starting", health: "starting" }, other], "between"],
  ["runs again, not registered", [{ ...writer, startedAt: "t2", health: "starting" }, other], "between"],
  ["fails after its start", [{ ...writer, startedAt: "t2", state: "backing-off", health: "failed" }], "between"],
  ["runs again, drained", [{ ...writer, startedAt: "t2", health: "drained" }, other], "after"],
  ["is gone, without another one", [other, boss], "between"],
  ["is gone, another one starts", [other, { ...other, id: "writer-2", health: "starting" }], "between"],
  ["is gone, another one runs", [other, { ...other, id: "writer-2" }], "after"],
])("an instance that %s", (_name, present, phase) => {
  expect(restartPhase(target, present)).toBe(phase);
});

test("silence is not up", () => {
  expect(isUp({ state: "running", health: "unresponsive" })).toBe(false);
  expect(isUp({ state: "running" })).toBe(false);
});

test("all instances, those of an agent, one, and none of another name", () => {
  const ids = (only?: string) => selectTargets([boss, writer, other], only).map(({ id }) => id);
  expect(ids()).toEqual(["boss-0", "writer-0", "writer-1"]);
  expect(ids("writer")).toEqual(["writer-0", "writer-1"]);
  expect(ids("writer-1")).toEqual(["writer-1"]);
  expect(selectTargets([boss, writer, other], "writer-0")).toEqual([target]);
  expect(() => ids("editor")).toThrow("no agent or instance editor (agents and instances: boss, boss-0, writer, ");
});
