import { expect, test } from "vitest";
import { duration, summarise } from "./output.ts";

test.each([
  [0, "0s"],
  [59_999, "59s"],
  [192_000, "3m12s"],
  [7_500_000, "2h05m"],
  [273_600_000, "3d04h"],
])("%i ms are %s", (ms, want) => {
  expect(duration(ms)).toBe(want);
});

test("a summary of results and of a plan", () => {
  const changes = { create: 3, same: 2, delete: 0 };
  expect(summarise(changes)).toBe("3 created, 2 unchanged");
  expect(summarise(changes, "future")).toBe("3 to create, 2 unchanged");
  expect(summarise({})).toBe("nothing to do");
});
