import { expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";

test.each([
  { attempt: 1, random: 0, delayMs: 500 },
  { attempt: 1, random: 1, delayMs: 1_000 },
  { attempt: 3, random: 0.5, delayMs: 3_000 },
  { attempt: 9, random: 1, delayMs: 256_000 },
  { attempt: 10, random: 1, delayMs: 300_000 },
  { attempt: 100, random: 0, delayMs: 150_000 },
])("attempt $attempt at random $random waits $delayMs ms", ({ attempt, random, delayMs }) => {
  expect(retryDelayMs(attempt, random)).toBe(delayMs);
});
