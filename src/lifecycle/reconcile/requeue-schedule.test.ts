import { expect, test } from "vitest";
import { RequeueSchedule } from "./requeue-schedule.ts";

const row = { id: "c", version: 3 };
const interval = 30_000;

test.each([
  { name: "a future time", noted: { outcome: "nothing", nextAt: 90_000 }, at: 90_000 },
  {
    name: "a past time: retried at the next interval",
    noted: { outcome: "nothing", nextAt: 0 },
    at: interval,
  },
  { name: "another operation is running", noted: { outcome: "busy" }, at: interval },
] as const)("requeues: $name", ({ noted, at }) => {
  const schedule = new RequeueSchedule(interval);
  expect(schedule.isDue(row, 0)).toBe(true);
  schedule.note(row, noted, 0);
  expect(schedule.isDue(row, at - 1)).toBe(false);
  expect(schedule.isDue(row, at)).toBe(true);
});

test("a cluster without a due time is due after its row changes", () => {
  const schedule = new RequeueSchedule(interval);
  schedule.note(row, { outcome: "nothing" }, 0);
  expect(schedule.isDue(row, 1e12)).toBe(false);
  expect(schedule.isDue({ ...row, version: 4 }, 1)).toBe(true);
});

test("failures back off exponentially, even if they change the row, and a success resets the back-off", () => {
  const schedule = new RequeueSchedule(interval);
  const waits: number[] = [];
  let now = 0;
  for (let count = 0; count < 7; count++) {
    schedule.note(row, { outcome: "failed" }, now);
    const wait = schedule.pauseMs(now, Number.POSITIVE_INFINITY);
    expect(schedule.isDue({ ...row, version: 9 + count }, now + wait - 1)).toBe(false);
    waits.push(wait / 1_000);
    now += wait;
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600]);
  schedule.note(row, { outcome: "done" }, now);
  schedule.note(row, { outcome: "failed" }, now);
  expect(schedule.pauseMs(now, Number.POSITIVE_INFINITY)).toBe(30_000);
});

test("the pause ends at the earliest due time, and past times do not end it", () => {
  const schedule = new RequeueSchedule(interval);
  expect(schedule.pauseMs(0, 28_000)).toBe(28_000);
  schedule.note(row, { outcome: "nothing", nextAt: 5_000 }, 0);
  expect(schedule.pauseMs(0, 28_000)).toBe(5_000);
  expect(schedule.pauseMs(6_000, 28_000)).toBe(28_000);
});
