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
