import { expect, test } from "vitest";
import { reportsToOf, workerOf } from "./roster.ts";

test.each([
  { agent: "lead", ordinal: 0, count: 2, parent: "lead-0" },
  { agent: "lead", ordinal: 3, count: 2, parent: "lead-1" },
  { agent: "lead", ordinal: 3, count: 0, parent: undefined },
  { agent: undefined, ordinal: 3, count: 2, parent: undefined },
])("instance $ordinal under $count of $agent reports to $parent", ({ agent, ordinal, count, parent: reportsTo }) => {
  expect(reportsToOf(agent, ordinal, count)).toBe(reportsTo);
});

const member = {
  ...{ instance: "writer-0", agent: "writer", role: "worker", capabilities: ["seo", "copy"] },
  ...{ reportsTo: undefined, directive: undefined },
};

test.each([
  { name: "a part of the blueprint's", registered: ["copy"], leasable: ["copy"] },
  { name: "more than the blueprint's", registered: ["seo", "payroll", "copy"], leasable: ["seo", "copy"] },
  { name: "only others", registered: ["payroll", "__proto__", "SEO"], leasable: [] },
  { name: "none", registered: [], leasable: [] },
])("an instance that registers $name may lease $leasable", ({ registered, leasable }) => {
  const registration = { agent: "king", capabilities: registered, versions: {} };
  const worker = { instance: "writer-0", agent: "writer", role: "worker", epoch: 3, capabilities: leasable };
  expect(workerOf(member, { epoch: 3, registration })).toEqual(worker);
});
