import { expect, test } from "vitest";
import { numberSignal } from "./http-json.ts";

const body = { orders: [{ open: 4 }], text: "4", nothing: null, minus: -1 };

test.each([
  [["orders", "0", "open"], 0, { kind: "value", value: 4 }],
  [["orders", "0", "open"], 600_000, { kind: "stale", value: 4, ageMs: 600_000 }],
  [["orders", "1", "open"], 0, "the answer has nothing at /orders/1/open"],
  [["orders", "00", "open"], 0, "the answer has nothing at /orders/00/open"],
  [["constructor"], 0, "the answer has nothing at /constructor"],
  [["text"], 0, "the value at /text is a string"],
  [["nothing"], 0, "the value at /nothing is null"],
  [["minus"], 0, "the value at /minus is -1"],
  [[], 0, "the value at / is a object"],
])("%j, %d ms old", (pointer, ageMs, signal) => {
  const expected = typeof signal === "string" ? { kind: "unknown", reason: signal } : signal;
  expect(numberSignal(body, pointer, ageMs)).toEqual(expected);
});

test("a document can be a number", () => {
  expect(numberSignal(12, [], 0)).toEqual({ kind: "value", value: 12 });
});
