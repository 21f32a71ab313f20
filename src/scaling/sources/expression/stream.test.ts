import { expect, test } from "vitest";
import { backlogSignal } from "./stream.ts";

const group = { name: "billing", pending: 2, "last-delivered-id": "5-0", lag: 3 };
const facts = { stream: "orders", length: 9, groups: [{ ...group, name: "other", lag: 0 }, group], lastId: "9-0" };

test.each([
  ["lag and pending", facts, { kind: "value", value: 5 }],
  ["no stream", { ...facts, groups: undefined }, "there is no stream orders"],
  ["no group", { ...facts, groups: [] }, "stream orders has no group billing"],
  ["no group of an empty stream", { ...facts, groups: [], length: 0 }, { kind: "value", value: 0 }],
  [
    "no lag",
    { ...facts, groups: [{ ...group, lag: null }] },
    "the lag of group billing of orders is not known to the server",
  ],
  ["a negative lag", { ...facts, groups: [{ ...group, lag: -3 }] }, "the lag of group billing of orders is -3"],
  [
    "no lag, all delivered",
    { ...facts, groups: [{ ...group, lag: null }], lastId: "5-0" },
    { kind: "value", value: 2 },
  ],
  ["no lag, no entry left", { ...facts, groups: [{ ...group, lag: null }], length: 0 }, { kind: "value", value: 2 }],
])("%s", (_, given, signal) => {
  const expected = typeof signal === "string" ? { kind: "unknown", reason: signal } : signal;
  expect(backlogSignal(given, "billing")).toEqual(expected);
});

test("without a group it is the length of the stream, if there is one", () => {
  expect(backlogSignal(facts, undefined)).toEqual({ kind: "value", value: 9 });
  expect(backlogSignal({ ...facts, groups: undefined }, undefined).kind).toBe("unknown");
});
