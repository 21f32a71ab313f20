import { expect, test } from "vitest";
import { isShallow, shallowOrNote } from "./json-depth.ts";

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

const wraps = {
  lists: (inner: unknown) => [inner],
  objects: (inner: unknown) => ({ inner }),
  "lists beside others": (inner: unknown) => [1, { a: null }, inner],
};

test.each(Object.entries(wraps))("%s: a depth of 64 is shallow, 65 and 500,000 are not", (_name, wrap) => {
  expect(isShallow(nested(63, wrap))).toBe(true);
  expect(isShallow(nested(66, wrap))).toBe(false);
  expect(isShallow(nested(500_000, wrap))).toBe(false);
});

test.each([[null], [undefined], ["x"], [1], [[]], [{}], [nested(64, wraps.lists)]])("%j is shallow", (value) => {
  expect(isShallow(value)).toBe(true);
  expect(shallowOrNote(value)).toBe(value);
});

test("65 lists are one too many, and a stored value of that kind is replaced by a note", () => {
  expect(isShallow(nested(65, wraps.lists))).toBe(false);
  expect(shallowOrNote(nested(65, wraps.lists))).toBe("[swarmstack] not shown: nested over 64 deep");
});

test("a wide document costs its size, not its square", () => {
  expect(isShallow({ rows: Array.from({ length: 200_000 }, (_, row) => ({ row, cells: [row] })) })).toBe(true);
});
