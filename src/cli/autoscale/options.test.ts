import { expect, test } from "vitest";
import { parseInterval } from "./interval.ts";
import { targetOf } from "./orchestrator.ts";

test.each([
  ["local", "local"],
  ["docker", "docker"],
  ["docker-compose", "docker"],
  ["kubernetes", "kubernetes"],
])("orchestrator %s is target %s", (orchestrator, target) => {
  expect(targetOf(orchestrator)).toBe(target);
});

test("fly is refused with a code of its own", () => {
  expect(() => targetOf("fly")).toThrow(expect.objectContaining({ code: "SW650" }));
});

test.each([
  ["30", 30_000],
  ["0.5", 500],
  ["2s", 2_000],
  ["1m", 60_000],
])("an interval of %s is %d ms", (text, ms) => {
  expect(parseInterval(text)).toBe(ms);
});

test.each(["0", "0s", "soon", "-3", ""])("%j is no interval", (text) => {
  expect(() => parseInterval(text)).toThrow();
});
