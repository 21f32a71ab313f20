import { expect, test } from "vitest";
import { autostopOf, parseTime } from "./autostop.ts";

test.each([
  [undefined, {}, undefined],
  ["off", {}, {}],
  ["reset", {}, null],
  [undefined, { idle: 60_000 }, { idleMs: 60_000 }],
  [undefined, { at: 1_001 }, { at: 1_001 }],
  [undefined, { idle: 60_000, at: 1_001 }, { idleMs: 60_000, at: 1_001 }],
] as const)("mode %s with %j", (mode, options, autostop) => {
  expect(autostopOf(mode, options, 1_000)).toEqual(autostop);
});

test.each([
  ["on", {}, /"on" is not off or reset/],
  ["off", { idle: 1 }, /exclude each other/],
  [undefined, { idle: 0 }, /longer than 0/],
  [undefined, { at: 1_000 }, /has passed/],
] as const)("mode %s with %j is refused", (mode, options, message) => {
  expect(() => autostopOf(mode, options, 1_000)).toThrow(message);
});

test("times without a zone are local, the others are not", () => {
  expect(parseTime("2026-12-01T18:00")).toBe(new Date(2026, 11, 1, 18, 0).getTime());
  expect(parseTime("2026-12-01 18:00:30Z")).toBe(Date.parse("2026-12-01T18:00:30Z"));
  expect(parseTime("2026-12-01T18:00+02:00")).toBe(Date.parse("2026-12-01T16:00:00Z"));
});

test.each([
  "",
  "18:00",
  "2026-12-01",
  "tomorrow",
  "2026-13-01T00:00",
  "2026-02-30T10:00",
  "2026-12-01T25:00",
  "1764612000",
])("%s is no time", (text) => {
  expect(() => parseTime(text)).toThrow("is not a date and time");
});
