import { expect, test } from "vitest";
import { bucketOf, resolutionFor } from "./resolutions.ts";

const now = 1_800_000_000_000;
const hourMs = 3_600_000;

test.each([
  { agoMs: hourMs, stepMs: 10_000, resolutionMs: 10_000 },
  { agoMs: hourMs, stepMs: 1, resolutionMs: 10_000 },
  { agoMs: hourMs, stepMs: 60_000, resolutionMs: 60_000 },
  { agoMs: hourMs, stepMs: 300_000, resolutionMs: 60_000 },
  { agoMs: 3 * hourMs, stepMs: 10_000, resolutionMs: 60_000 },
  { agoMs: 3 * hourMs, stepMs: 2 * hourMs, resolutionMs: hourMs },
  { agoMs: 72 * hourMs, stepMs: 10_000, resolutionMs: hourMs },
  { agoMs: 24_000 * hourMs, stepMs: 10_000, resolutionMs: hourMs },
])("from $agoMs ms ago in steps of $stepMs ms: $resolutionMs ms", ({ agoMs, stepMs, resolutionMs }) => {
  expect(resolutionFor(now - agoMs, stepMs, now)).toBe(resolutionMs);
});

test("a time belongs to the bucket that starts before it", () => {
  expect([0, 9_999, 10_000].map((at) => bucketOf(at, 10_000))).toEqual([0, 0, 10_000]);
});
