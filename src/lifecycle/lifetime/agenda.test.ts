import { expect, test } from "vitest";
import { Agenda } from "./agenda.ts";

const row = { id: "c", version: 3 };
const interval = 30_000;

test.each([
  { name: "a moment to come", noted: { outcome: "nothing", nextAt: 90_000 }, at: 90_000 },
  {
    name: "a moment that has passed: it is not known, and asked again",
    noted: { outcome: "nothing", nextAt: 0 },
    at: interval,
  },
  { name: "somebody else is at work", noted: { outcome: "busy" }, at: interval },
] as const)("looked at again: $name", ({ noted, at }) => {
  const agenda = new Agenda(interval);
  expect(agenda.isDue(row, 0)).toBe(true);
  agenda.note(row, noted, 0);
  expect(agenda.isDue(row, at - 1)).toBe(false);
  expect(agenda.isDue(row, at)).toBe(true);
});

test("what can only be changed by somebody is looked at when somebody has", () => {
  const agenda = new Agenda(interval);
  agenda.note(row, { outcome: "nothing" }, 0);
  expect(agenda.isDue(row, 1e12)).toBe(false);
  expect(agenda.isDue({ ...row, version: 4 }, 1)).toBe(true);
});

test("what fails is tried less and less often, also when the failure has changed its row, and from new once it has not", () => {
  const agenda = new Agenda(interval);
  const waits: number[] = [];
  let now = 0;
  for (let count = 0; count < 7; count++) {
    agenda.note(row, { outcome: "failed" }, now);
    const wait = agenda.pauseMs(now, Number.POSITIVE_INFINITY);
    expect(agenda.isDue({ ...row, version: 9 + count }, now + wait - 1)).toBe(false);
    waits.push(wait / 1_000);
    now += wait;
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600]);
  agenda.note(row, { outcome: "done" }, now);
  agenda.note(row, { outcome: "failed" }, now);
  expect(agenda.pauseMs(now, Number.POSITIVE_INFINITY)).toBe(30_000);
});

test("the pause ends at whatever comes first, and what has passed ends none", () => {
  const agenda = new Agenda(interval);
  expect(agenda.pauseMs(0, 28_000)).toBe(28_000);
  agenda.note(row, { outcome: "nothing", nextAt: 5_000 }, 0);
  expect(agenda.pauseMs(0, 28_000)).toBe(5_000);
  expect(agenda.pauseMs(6_000, 28_000)).toBe(28_000);
});
