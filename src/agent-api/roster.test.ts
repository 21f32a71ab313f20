import { expect, test } from "vitest";
import { reportsToOf } from "./roster.ts";

test.each([
  { agent: "lead", ordinal: 0, count: 2, parent: "lead-0" },
  { agent: "lead", ordinal: 3, count: 2, parent: "lead-1" },
  { agent: "lead", ordinal: 3, count: 0, parent: undefined },
  { agent: undefined, ordinal: 3, count: 2, parent: undefined },
])("instance $ordinal under $count of $agent reports to $parent", ({ agent, ordinal, count, parent: reportsTo }) => {
  expect(reportsToOf(agent, ordinal, count)).toBe(reportsTo);
});
