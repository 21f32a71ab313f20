import { expect, test } from "vitest";
import { superiorsFirst } from "./superiors-first.ts";

test("nobody comes before the one that it reports to; file order within a level", () => {
  const agents = [
    { key: "worker", parent: "lead" },
    { key: "lead", parent: "boss" },
    { key: "boss", parent: undefined },
    { key: "other", parent: "boss" },
    { key: "lone", parent: "nobody" },
  ];
  expect(superiorsFirst(agents).map(({ key }) => key)).toEqual(["boss", "lead", "worker", "other", "lone"]);
});
