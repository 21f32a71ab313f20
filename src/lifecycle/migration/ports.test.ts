import { expect, test } from "vitest";
import { summarizePauses } from "./ports.ts";

test("computes nearest-rank percentiles of twenty pauses and of one", () => {
  const pauses = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`w-${index}`, (index + 1) * 100]));
  expect(summarizePauses(pauses)).toEqual({ instances: 20, p50Ms: 1_000, p95Ms: 1_900, longestMs: 2_000 });
  expect(summarizePauses({ w: 7 })).toEqual({ instances: 1, p50Ms: 7, p95Ms: 7, longestMs: 7 });
});

test("no summary without pauses", () => {
  expect(summarizePauses({})).toBeUndefined();
});
