import { expect, test } from "vitest";
import { jitterOf } from "./schedule.ts";

test("the jitter of a hundred clusters covers the whole range and is constant for each", () => {
  const places = Array.from({ length: 100 }, (_, number) => jitterOf(`cluster-${number}`, 30_000));
  expect(places).toEqual(Array.from({ length: 100 }, (_, number) => jitterOf(`cluster-${number}`, 30_000)));
  const seconds = Map.groupBy(places, (ms) => Math.floor(ms / 1_000));
  expect(Math.max(...[...seconds.values()].map((those) => those.length))).toBeLessThan(12);
  expect(seconds.size).toBeGreaterThan(24);
  expect(jitterOf("cluster-1", 0)).toBe(0);
});
