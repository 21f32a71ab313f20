import { expect, test } from "vitest";
import { changedPaths } from "./diff.ts";

test.each([
  { title: "nothing", old: { a: 1, b: [1] }, next: { a: 1, b: [1] }, want: {} },
  { title: "null and absent are the same", old: { a: null }, next: {}, want: {} },
  { title: "a value", old: { count: 1 }, next: { count: 5 }, want: { count: "update" } },
  {
    title: "inside a map",
    old: { env: { A: "1", B: "1" } },
    next: { env: { A: "2", C: "1" } },
    want: { "env.A": "update", "env.B": "delete", "env.C": "add" },
  },
  { title: "a whole map", old: {}, next: { env: { A: "1" } }, want: { env: "add" } },
  {
    title: "inside a list",
    old: { command: ["a", "b"] },
    next: { command: ["a", "c", "d"] },
    want: { "command[1]": "update", "command[2]": "add" },
  },
  {
    title: "a key with dots",
    old: { labels: { "a.b": 1 } },
    next: { labels: { "a.b": 2 } },
    want: { 'labels["a.b"]': "update" },
  },
  { title: "another type", old: { a: [1] }, next: { a: { b: 1 } }, want: { a: "update" } },
])("changedPaths: $title", ({ old, next, want }) => {
  expect(changedPaths(old, next)).toEqual(want);
});
