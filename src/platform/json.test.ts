import { expect, test } from "vitest";
import { numberAt, recordAt, recordsAt, textAt, valueAt } from "./json.ts";

const value = { list: [{ name: "a" }, 1, { name: "b" }], text: "t", number: 0, nothing: null };

test.each([
  { path: ["list", 0, "name"], want: "a" },
  { path: ["list", "0"], want: undefined },
  { path: ["text", "length"], want: undefined },
  { path: ["nothing", "x"], want: undefined },
  { path: ["nothing"], want: null },
  { path: [], want: value },
])("the value at $path", ({ path, want }) => {
  expect(valueAt(value, path)).toEqual(want);
});

test("a value of another type reads as none", () => {
  expect([textAt(value, "text"), textAt(value, "number")]).toEqual(["t", undefined]);
  expect([numberAt(value, "number"), numberAt(value, "text")]).toEqual([0, undefined]);
  expect([recordAt(value, "list", 0), recordAt(value, "list")]).toEqual([{ name: "a" }, {}]);
  expect([recordsAt(value, "list").length, recordsAt(value, "text")]).toEqual([2, []]);
});
