import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { open, seal } from "./seal.ts";

const key = randomBytes(32);
const bytes = Buffer.from("the state of an agent");
const sealed = seal(key, "chunk 1", bytes);

test("what is sealed is opened again, and never looks the same twice", () => {
  expect(open(key, "chunk 1", sealed)).toEqual(bytes);
  expect(open(key, "empty", seal(key, "empty", new Uint8Array()))).toHaveLength(0);
  expect(seal(key, "chunk 1", bytes).equals(sealed)).toBe(false);
  expect(sealed.includes(bytes.subarray(0, 8))).toBe(false);
});

test("any byte that is changed is noticed", () => {
  for (let place = 0; place < sealed.length; place++) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] ?? 0) ^ 1;
    expect(() => open(key, "chunk 1", changed)).toThrow(expect.objectContaining({ code: "SW713" }));
  }
});

test.each([
  { name: "another key", by: randomBytes(32), place: "chunk 1", text: sealed },
  { name: "another place", by: key, place: "chunk 2", text: sealed },
  { name: "a part of it", by: key, place: "chunk 1", text: sealed.subarray(0, -1) },
  { name: "nothing", by: key, place: "chunk 1", text: Buffer.alloc(0) },
])("$name does not open it", ({ by, place, text }) => {
  expect(() => open(by, place, text)).toThrow(expect.objectContaining({ code: "SW713" }));
});

test("a key of another length is a mistake of ours", () => {
  expect(() => seal(randomBytes(16), "x", bytes)).toThrow(RangeError);
});
