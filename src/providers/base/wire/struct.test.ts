import fc from "fast-check";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test } from "vitest";
import { readStruct } from "./read-struct.ts";
import { writeStruct } from "./write-struct.ts";

const seed = Number(process.env.SWARM_SEED ?? 20_260_101);

/** Another codec of the same bytes: generated code, which builds a message for each value. */
const reference = {
  read: (bytes: Uint8Array) => structs.Struct.deserializeBinary(bytes).toJavaScript(),
  write: (value: object) => structs.Struct.fromJavaScript(value as never).serializeBinary(),
};

/** Keys that the reference assigns, so that they set the prototype there. */
const key = fc
  .oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "a.b", "constructor", "0", "ä", "😀"))
  .filter((text) => text !== "__proto__");
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.constantFrom(Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, 2 ** 63, -(2 ** 63), 123456789012345680),
      fc.string({ unit: "binary" }),
      fc.constantFrom("", "😀".repeat(100), "\u0000", "𝒳", "line\nbreak", "x".repeat(5_000)),
    ),
    fc.array(tie("tree"), { maxLength: 6 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 6 }),
  ),
}));
const bag = fc.dictionary(key, tree, { maxKeys: 8 });

/** JSON has no negative zero. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test(`both codecs read what either has written (seed ${seed})`, () => {
  fc.assert(
    fc.property(bag, (value) => {
      const [own, other] = [writeStruct(value), reference.write(json(value) as object)];
      const expected = json(value);
      expect(readStruct(own)).toEqual(expected);
      expect(readStruct(other)).toEqual(expected);
      expect(json(reference.read(own))).toEqual(expected);
    }),
    { seed, numRuns: 150 },
  );
});

test("numbers that are not finite are read as they are, and written as null, as JSON does", () => {
  const numbers = { nan: Number.NaN, up: Number.POSITIVE_INFINITY, down: Number.NEGATIVE_INFINITY };
  expect(readStruct(reference.write(numbers))).toEqual(numbers);
  expect(readStruct(writeStruct(numbers))).toEqual({ nan: null, up: null, down: null });
});

test.each([
  ["undefined members", { a: undefined, b: 1 }],
  ["undefined and functions in a list", { a: [undefined, () => 1, 2] }],
  ["a date", { a: new Date(0), b: [new Date(0)] }],
  ["a toJSON that hides a member", { a: { toJSON: () => undefined }, b: 1 }],
  ["negative zero", { a: -0 }],
  ["a boxed member in a map", { a: { b: { c: [[[{}]]] } } }],
  ["nothing", {}],
])("%s: as JSON.stringify", (_title, value) => {
  expect(readStruct(writeStruct(value))).toEqual(json(value));
});

test("BigInt is refused, as by JSON.stringify", () => {
  expect(() => writeStruct({ a: 1n })).toThrow(TypeError);
});

test("an own member __proto__ stays a member", () => {
  const value = JSON.parse('{"__proto__":{"polluted":true},"a":1}') as Record<string, unknown>;
  const read = readStruct(writeStruct(value));
  expect(Object.keys(read)).toEqual(["__proto__", "a"]);
  expect((read as { polluted?: boolean }).polluted).toBeUndefined();
});

test("half of a surrogate pair is written as U+FFFD: the engine refuses it", () => {
  expect(readStruct(writeStruct({ "a\ud800": "\udc00b" }))).toEqual({ "a\ufffd": "\ufffdb" });
});

test("500 levels", () => {
  let deep: Record<string, unknown> = { end: true };
  for (let level = 0; level < 500; level++) deep = level % 2 === 0 ? { deep } : { deep: [deep] };
  expect(JSON.stringify(readStruct(writeStruct(deep)))).toBe(JSON.stringify(deep));
});

test("unknown fields are passed over, and bytes that end early are refused", () => {
  const unknown = Buffer.from([0x7a, 0x02, 0x01, 0x02]);
  const bytes = writeStruct({ a: "text" });
  expect(readStruct(Buffer.concat([unknown, bytes]))).toEqual({ a: "text" });
  expect(() => readStruct(bytes.subarray(0, bytes.length - 2))).toThrow(RangeError);
});
