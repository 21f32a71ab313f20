import { expect, test } from "vitest";
import { median } from "./past-operations.ts";

test.each([
  [[], undefined],
  [[5], 5],
  [[9, 1], 9],
  [[30, 1, 9], 9],
])("the median of %j is %s", (values, want) => {
  expect(median(values)).toBe(want);
});
