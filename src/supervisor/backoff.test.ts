import { expect, test } from "vitest";
import { backoffMs, failuresAfter } from "./backoff.ts";

test.each([
  { failures: 1, random: 0, delayMs: 250 },
  { failures: 1, random: 1, delayMs: 500 },
  { failures: 2, random: 0, delayMs: 500 },
  { failures: 4, random: 0.5, delayMs: 3_000 },
  { failures: 7, random: 1, delayMs: 30_000 },
  { failures: 7, random: 0, delayMs: 15_000 },
  { failures: 10_000, random: 1, delayMs: 30_000 },
])("failure $failures at random $random waits $delayMs ms", ({ failures, random, delayMs }) => {
  expect(backoffMs(failures, random)).toBe(delayMs);
});

test.each([
  { before: 0, ranForMs: 10, after: 1 },
  { before: 5, ranForMs: 59_999, after: 6 },
  { before: 5, ranForMs: 60_000, after: 1 },
])("$before failures and a run of $ranForMs ms are $after", ({ before, ranForMs, after }) => {
  expect(failuresAfter(before, ranForMs)).toBe(after);
});
