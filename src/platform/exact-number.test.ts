import fc from "fast-check";
import { expect, test } from "vitest";
import { numberProblem } from "./exact-number.ts";

test.each([
  "0",
  "-0",
  "+12",
  "1.10",
  ".5",
  "5.",
  "1e3",
  "1E-7",
  "1e21",
  "0.1",
  "9007199254740991",
  "-9007199254740991",
  "1e-400000",
])("%s is kept, or is no number that is written", (source) => {
  const value = Number(source);
  expect(numberProblem(source, value) === undefined).toBe(source !== "1e-400000");
});

test.each([
  ["9007199254740992", 9007199254740992],
  ["123456789012345678", 123456789012345680],
  ["1234567890.1234567890", 1234567890.1234567],
  ["3.14159265358979323846", Math.PI],
  ["0x20000000000000", 2 ** 53],
  [".inf", Number.POSITIVE_INFINITY],
  [".nan", Number.NaN],
  ["1e999", Number.POSITIVE_INFINITY],
])("%s is not kept", (source, value) => expect(numberProblem(source, value)).toEqual(expect.any(String)));

test("every number is kept in the shortest spelling that JSON gives it, unless it is an integer of more than 53 bits", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const isLong = Number.isInteger(value) && !Number.isSafeInteger(value) && !String(value).includes("e");
      expect(numberProblem(JSON.stringify(value), value) === undefined).toBe(!isLong);
    }),
    { numRuns: 2_000, seed: 1 },
  );
});
