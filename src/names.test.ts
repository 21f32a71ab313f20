import fc from "fast-check";
import { expect, test } from "vitest";
import { maxNameLength, resourceName, slug } from "./names.ts";

test.each([
  ["Content Creator", "content-creator"],
  ["  Größe & Über_maß ", "gro-e-uber-ma"],
  ["---", ""],
])("slug(%j) is %j", (text, want) => {
  expect(slug(text)).toBe(want);
});

test("readable where nothing is lost, closed by a hash where something is", () => {
  expect(resourceName(["marketing", "Content Creator"])).toBe("marketing-content-creator");
  expect(resourceName(["marketing", "a_b"])).toMatch(/^marketing-a-b-[0-9a-f]{8}$/);
  expect(resourceName(["marketing", "北京"])).toMatch(/^marketing-[0-9a-f]{8}$/);
});

test.each([
  [
    ["a", "b_c"],
    ["a", "b-c"],
  ],
  [
    ["a-b", "c_"],
    ["a", "b-c_"],
  ],
  [
    ["x".repeat(80), "1"],
    ["x".repeat(80), "2"],
  ],
])("%j and %j get two names", (one, other) => {
  expect(resourceName(one)).not.toBe(resourceName(other));
});

test("a name is always a DNS label", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { minLength: 1, maxLength: 3 }), (parts) => {
      const name = resourceName(parts);
      expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
      expect(name.length).toBeLessThanOrEqual(maxNameLength);
    }),
    { seed: 20261122, numRuns: 1000 },
  );
});
