import { expect, test } from "vitest";
import { quantity } from "./quantity.ts";

test.each<[number, string]>([
  [0, "0"],
  [1, "1"],
  [3, "3"],
  [0.25, "250m"],
  [1.5, "1500m"],
  [0.001, "1m"],
  [0.0005, "500u"],
  [0.1 + 0.2, "300m"],
  [1000, "1k"],
  [1024, "1024"],
  [1_500_000, "1500k"],
  [512 * 1024 ** 2, "536870912"],
  [500_000_000, "500M"],
  [2_000_000_000, "2G"],
  [3e12, "3T"],
  [1e15, "1P"],
  [1e18, "1E"],
])("%s is %s", (value, text) => {
  expect(quantity(value)).toBe(text);
});
