import { expect, test } from "vitest";
import { sortByReportsTo } from "./sort-by-reports-to.ts";

test("no agent comes before the one that it reports to; file order within a level", () => {
  const agents = [
    { key: "worker", parent: "lead" },
    { key: "lead", parent: "boss" },
    { key: "boss", parent: undefined },
    { key: "other", parent: "boss" },
    { key: "lone", parent: "absent" },
  ];
  expect(sortByReportsTo(agents).map(({ key }) => key)).toEqual(["boss", "lead", "worker", "other", "lone"]);
});
