import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { isSameProcess } from "./guard.ts";
import { identify } from "./identity.ts";
import { isAlive, signalProcess } from "./signal.ts";

const recorded = { pid: 4711, startTime: "b00t:100" };

test.each([
  { name: "itself", seen: recorded, same: true },
  { name: "nobody", seen: undefined, same: false },
  { name: "a later process with its number", seen: { pid: 4711, startTime: "b00t:200" }, same: false },
  { name: "its number and ticks after a reboot", seen: { pid: 4711, startTime: "0ther:100" }, same: false },
  { name: "another number", seen: { pid: 4712, startTime: "b00t:100" }, same: false },
])("seen is $name: same is $same", ({ seen, same }) => {
  expect(isSameProcess(recorded, seen)).toBe(same);
});

test("a process with the recorded number but another start time gets no signal", ({ onTestFinished }) => {
  const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const foreign = identify(child.pid ?? 0);
  if (!foreign) throw new Error("not started");
  expect(signalProcess({ ...foreign, startTime: "b00t:1" }, "SIGKILL", true)).toBe(false);
  expect(isAlive(foreign)).toBe(true);
  expect(signalProcess(foreign, "SIGKILL", true)).toBe(true);
});
