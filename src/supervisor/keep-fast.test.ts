import { expect, test } from "vitest";
import { owner, poolOf } from "../drivers/process/scratch.fixture.ts";
import { keepFast } from "./keep-fast.ts";
import type { PoolSpec } from "./pool-spec.ts";

const fast = { generation: 1, seq: 1, count: 3 };

test.each<{ name: string; before: Partial<PoolSpec>; after: Partial<PoolSpec>; stays: boolean }>([
  { name: "the same declaration", before: {}, after: { generation: 2, owner }, stays: true },
  { name: "another count", before: {}, after: { count: 2 }, stays: false },
  { name: "a range that includes it", before: {}, after: { range: { min: 0, max: 3 } }, stays: true },
  { name: "a range that ends below it", before: {}, after: { range: { min: 0, max: 2 } }, stays: false },
  { name: "a range that begins above it", before: {}, after: { range: { min: 4, max: 9 } }, stays: false },
  { name: "a new pin of the same count", before: {}, after: { pin: {} }, stays: false },
  { name: "a later pin", before: { pin: { untilMs: 5 } }, after: { pin: { untilMs: 9 } }, stays: false },
  { name: "a pin that was over", before: { pin: { untilMs: 5 } }, after: { pin: { untilMs: 5 } }, stays: true },
  { name: "a lifted pin", before: { pin: { untilMs: 5 } }, after: {}, stays: true },
])("$name: stays $stays", ({ before, after, stays }) => {
  const spec = poolOf({ count: 1, ...before });
  expect(keepFast({ spec, fast }, poolOf({ count: 1, ...after }))).toEqual(stays ? fast : undefined);
});

test("a new pool has none", () => {
  expect(keepFast(undefined, poolOf({ count: 1 }))).toBeUndefined();
});
