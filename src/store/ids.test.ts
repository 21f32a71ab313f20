import { expect, test } from "vitest";
import { newId } from "./ids.ts";

test("ids sort by time, and by order within a millisecond", () => {
  const ids = [1000, 1000, 1000, 1001, 1001, 2_000_000_000_000].map((now) => newId("task", now + 1e12));
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^task-[0-9a-z]{26}$/);
});

test("a clock that is set back does not break the order", () => {
  const before = newId("x", 5e12);
  expect(newId("x", 4e12) > before).toBe(true);
});
