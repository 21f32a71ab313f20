import { expect, test } from "vitest";
import { resolveRow } from "./cluster-names.ts";

const at = { stack: "team-g2", site: { host: "here", dir: "/sites/team" } };
const row = { activeStack: "team-g2", status: "ACTIVE", wish: { counts: {}, power: "active", at } } as const;

test("a row leads to the stack and the instances of its cluster", () => {
  const location = { cluster: "team-g2", site: at.site, place: undefined };
  expect(resolveRow("team", row)).toEqual({ cluster: "team", stack: "team-g2", isMoving: false, location });
});

test.each([
  ["the cluster moves", { ...row, status: "MIGRATING" }],
  ["the row speaks of another stack", { ...row, activeStack: "team-g3" }],
  ["the row is of an older version", { ...row, wish: { counts: {}, power: "active" } }],
  ["the cluster was never up", { ...row, wish: null }],
] as const)("no location is taken from the journal when %s", (_when, changed) => {
  expect(resolveRow("team", changed).location).toBeUndefined();
});

test("a cluster without a row is on the stack of its name", () => {
  expect(resolveRow("team", undefined)).toEqual({
    ...{ cluster: "team", stack: "team", isMoving: false, location: undefined },
  });
});
