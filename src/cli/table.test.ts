import { expect, test } from "vitest";
import { table } from "./table.ts";

test("a table aligns its columns and has no trailing blanks", () => {
  expect(
    table(
      ["A", "LONGER"],
      [
        ["wide cell", 1],
        ["x", "y"],
      ],
    ).split("\n"),
  ).toEqual(["A          LONGER", "wide cell  1", "x          y"]);
});

const head = ["CLUSTER", "GENERATION", "SUPERVISOR", "STATE"];
const rows = [
  ["marketing-v1", 12, "process 10639", "running"],
  ["日本語", 1, "-", "degraded"],
];

test.each([
  { width: undefined, heads: "CLUSTER GENERATION SUPERVISOR STATE" },
  { width: 80, heads: "CLUSTER GENERATION SUPERVISOR STATE" },
  { width: 48, heads: "CLUSTER SUPERVISOR STATE" },
  { width: 30, heads: "CLUSTER STATE" },
])("on $width columns it shows $heads", ({ width, heads }) => {
  const lines = table(head, rows, { width, drops: ["GENERATION", "SUPERVISOR"] }).split("\n");
  expect(lines[0]?.split(/ +/).join(" ")).toBe(heads);
  expect(lines).toHaveLength(3);
});

test("cuts the widest cells when no column is left to drop", () => {
  const lines = table(["ID", "TEXT"], [["1", "x".repeat(100)]], { width: 40 }).split("\n");
  expect(lines).toEqual(["ID  TEXT", `1   ${"x".repeat(35)}…`]);
});
