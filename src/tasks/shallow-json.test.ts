import { expect, test } from "vitest";
import { documentSchema } from "./new-task.ts";
import { readStored, shallowJson, storedJson } from "./shallow-json.ts";

function nested(depth: number): unknown {
  let value: unknown = "x";
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

test.each([
  shallowJson,
  documentSchema,
])("64 levels are accepted, 65 and 10,000 are refused with the limit", (schema) => {
  expect(schema.parse(nested(64))).toEqual(nested(64));
  for (const depth of [65, 10_000]) {
    expect(schema.safeParse(nested(depth)).error?.issues).toMatchObject([{ message: "nested over 64 deep" }]);
  }
});

test("a value that is not JSON is refused", () => {
  expect(shallowJson.safeParse(1n).success).toBe(false);
  expect(shallowJson.safeParse(undefined).success).toBe(false);
});

test.each([
  { row: null, shown: null },
  { row: '{"a":[1]}', shown: { a: [1] } },
  { row: `${"[".repeat(1_470)}1${"]".repeat(1_470)}`, shown: "[swarmstack] not shown: nested over 64 deep" },
  { row: "{half", shown: "[swarmstack] not shown: not JSON" },
])("a stored column is shown as $shown", ({ row, shown }) => {
  expect(readStored(row)).toEqual(shown);
});

test("the answer of an older server with a deep value can be read", () => {
  expect(storedJson.parse(nested(1_470))).toBe("[swarmstack] not shown: nested over 64 deep");
  expect(storedJson.parse({ a: nested(3) })).toEqual({ a: nested(3) });
});
