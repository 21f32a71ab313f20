import { expect, test } from "vitest";
import { didYouMean, editDistance } from "../../platform/did-you-mean.ts";
import { codes } from "./codes.ts";
import { renderReference } from "./reference.ts";

test("the reference has every code with an explanation and an example", () => {
  const page = renderReference();
  for (const [code, { title, explanation, example }] of Object.entries(codes)) {
    expect(page).toContain(`### ${code}: ${title}\n`);
    expect(explanation, code).toMatch(/[.)]$/);
    expect(example, code).not.toBe("");
  }
});

test.each([
  ["kitten", "sitting", 3],
  ["count", "cuont", 1],
  ["", "abc", 3],
  ["same", "same", 0],
])("from %s to %s it is %i edits", (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

test("near words only", () => {
  expect(didYouMean("reportsTo", ["role", "reports_to"])).toBe("reports_to");
  expect(didYouMean("quality", ["count", "capabilities"])).toBeUndefined();
  expect(didYouMean("x".repeat(100_000), ["x"])).toBeUndefined();
});
