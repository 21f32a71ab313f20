import { expect, test } from "vitest";
import { apiVersionOf, payloadFor } from "./api-version.ts";

const registration = (versions: Record<string, string>) => ({ agent: "a", capabilities: [], versions });

test.each([
  [undefined, 1],
  [registration({}), 1],
  [registration({ agent: "reference-1" }), 1],
  [registration({ api: "2" }), 2],
  [registration({ api: "two" }), 1],
])("%j speaks version %i", (given, version) => expect(apiVersionOf(given)).toBe(version));

test.each([
  [[1, 2, 3], { value: [1, 2, 3] }],
  [[], { value: [] }],
  [42, { value: 42 }],
  [null, { value: null }],
  ["a", { text: "a" }],
  [{ a: 1 }, { a: 1 }],
])("%j as given, and to an instance of version 1 as %j", (payload, old) => {
  expect(payloadFor(payload, 2)).toEqual(payload);
  expect(payloadFor(payload, 1)).toEqual(old);
});
