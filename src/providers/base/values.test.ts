import { describe, expect, test } from "vitest";
import { hasUnknown, readProperties, unknownValue, writeProperties } from "./values.ts";
import { readStruct } from "./wire/read-struct.ts";

const bag = { plain: 1, nested: { token: "s3cret", list: ["a", "s3cret-too"] } };

describe("secrets", () => {
  const places = [
    ["nested", "token"],
    ["nested", "list", 1],
  ] as const;

  test("are unwrapped, remembered, and wrapped at the same places again", () => {
    const wrapped = writeProperties(bag, places);
    expect(JSON.stringify(readStruct(wrapped))).toContain("1b47061264138c4ac30d75fd1eb44270");
    const again = readProperties(wrapped);
    expect(again.properties).toEqual(bag);
    expect(again.secrets.map((path) => path.join(".")).sort()).toEqual(["nested.list.1", "nested.token"]);
    expect(readStruct(writeProperties(again.properties, again.secrets))).toEqual(readStruct(wrapped));
  });

  test("a place that is not there any more is passed over", () => {
    expect(readStruct(writeProperties({ a: 1 }, [["gone", "deeper"]]))).toEqual({ a: 1 });
  });
});

test("undefined members are left out", () => {
  expect(readStruct(writeProperties({ a: undefined, b: 1 }))).toEqual({ b: 1 });
});

test.each([
  { value: "known", want: false },
  { value: { a: [1, { b: unknownValue }] }, want: true },
  { value: unknownValue, want: true },
])("hasUnknown($value) is $want", ({ value, want }) => {
  expect(hasUnknown(value)).toBe(want);
});
