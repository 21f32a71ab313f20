import { expect, test } from "vitest";
import { changePins, recordedPins } from "./pins.ts";

const agents = [{ key: "lead" }, { key: "writer" }];
const ada = { by: "ada@laptop" };
const timed = { by: "ada@laptop", until: 1_000 };

test.each([
  { name: "none", old: undefined, changes: undefined, pins: undefined },
  { name: "a new one", old: undefined, changes: { writer: ada }, pins: { writer: ada } },
  { name: "one beside another", old: { lead: ada }, changes: { writer: timed }, pins: { lead: ada, writer: timed } },
  { name: "a lifted one", old: { lead: ada, writer: ada }, changes: { lead: null }, pins: { writer: ada } },
  { name: "the last one lifted", old: { lead: ada }, changes: { lead: null }, pins: undefined },
  { name: "one of an agent that is gone", old: { cook: ada, lead: ada }, changes: undefined, pins: { lead: ada } },
])("$name", ({ old, changes, pins }) => {
  expect(changePins(old, changes, agents)).toEqual(pins);
});

test("an unchanged set is the same object, so that the desired state keeps its generation", () => {
  const old = { lead: timed };
  expect(changePins(old, { lead: { ...timed } }, agents)).toBe(old);
});

test("a row of an older version has no pins", () => {
  expect(recordedPins(null)).toEqual({});
  expect(recordedPins({ counts: {}, pins: { lead: ada } })).toEqual({ lead: ada });
});
