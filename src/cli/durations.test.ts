import { expect, test } from "vitest";
import { parseSince } from "./durations.ts";

const now = Date.parse("2026-05-02T12:00:00Z");

test.each([
  ["10m", "2026-05-02T11:50:00Z"],
  ["2d", "2026-04-30T12:00:00Z"],
  ["2026-05-01T08:00:00Z", "2026-05-01T08:00:00Z"],
  ["2026-05-01T08:00:00+02:00", "2026-05-01T06:00:00Z"],
  ["2026-05-01", "2026-05-01T00:00:00Z"],
])("%s is %s", (text, at) => {
  expect(new Date(parseSince(text, now)).toISOString()).toBe(new Date(at).toISOString());
});

test.each(["", "10", "-5m", "soon", "2026-13-01T00:00:00Z", "1714550400"])("%s is refused", (text) => {
  expect(() => parseSince(text, now)).toThrow(/neither a duration/);
});
