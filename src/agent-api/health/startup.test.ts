import { expect, test } from "vitest";
import { type StartSigns, type Startup, startupOf } from "./startup.ts";

const fresh: StartSigns = {
  process: "starting",
  registered: false,
  mustRegister: false,
  ranForMs: 0,
  startPeriodMs: 5_000,
  exits: 0,
};

test.each<{ name: string; signs: Partial<StartSigns>; startup: Startup }>([
  { name: "a process that just started", signs: {}, startup: "starting" },
  { name: "a process of half a second", signs: { ranForMs: 500 }, startup: "starting" },
  { name: "one that registered at once", signs: { registered: true }, startup: "up" },
  { name: "one that stayed up through its start period", signs: { ranForMs: 5_000 }, startup: "up" },
  { name: "one with a start period of its own", signs: { ranForMs: 200, startPeriodMs: 200 }, startup: "up" },
  { name: "one just before the end of its start period", signs: { ranForMs: 4_999 }, startup: "starting" },
  {
    name: "the built-in agent without a registration",
    signs: { mustRegister: true, ranForMs: 60_000 },
    startup: "starting",
  },
  { name: "the built-in agent, registered", signs: { mustRegister: true, registered: true }, startup: "up" },
  { name: "one that ended once", signs: { process: "backing-off", exits: 1 }, startup: "starting" },
  {
    name: "one that ended in its start period again",
    signs: { process: "backing-off", exits: 4, ranForMs: 4_000 },
    startup: "starting",
  },
  { name: "one that keeps ending", signs: { process: "backing-off", exits: 5 }, startup: "failed" },
  { name: "one that restarts after many ends", signs: { process: "starting", exits: 9 }, startup: "starting" },
  {
    name: "one that recovered after many ends",
    signs: { process: "running", exits: 9, ranForMs: 6_000 },
    startup: "up",
  },
  { name: "a program that cannot be started", signs: { process: "failed" }, startup: "failed" },
  { name: "one that is replaced", signs: { process: "stopping", registered: true }, startup: "starting" },
  { name: "one that is stopped", signs: { process: "stopped" }, startup: "starting" },
])("$name: $startup", ({ signs, startup }) => {
  expect(startupOf({ ...fresh, ...signs })).toBe(startup);
});
