import { expect, test } from "vitest";
import { SwarmError, toSwarmError } from "./errors.ts";

test("an abort becomes SW606 without a claim about completed changes", () => {
  const cause = AbortSignal.abort().reason;
  expect(toSwarmError(cause)).toMatchObject({ code: "SW606", message: "interrupted before completion", cause });
});

test("an unknown error becomes SW900 with the original as its cause, and a SwarmError stays", () => {
  const cause = new TypeError("x is undefined");
  expect(toSwarmError(cause)).toMatchObject({ code: "SW900", message: "x is undefined", cause });
  const known = new SwarmError("SW605", "no cluster team exists");
  expect(toSwarmError(known)).toBe(known);
});
