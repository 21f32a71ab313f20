import { expect, test } from "vitest";
import { isAtOrBelow, parsePath } from "./property-path.ts";

test.each([
  ["spec.replicas", ["spec", "replicas"]],
  ["spec.template.spec.containers[0].image", ["spec", "template", "spec", "containers", 0, "image"]],
  ['metadata.labels["a.b/c"]', ["metadata", "labels", "a.b/c"]],
  ['["quo\\"ted"].x', ['quo"ted', "x"]],
  ["items[*].name", ["items", "*", "name"]],
])("parsePath(%s)", (path, want) => {
  expect(parsePath(path)).toEqual(want);
});

test.each([
  ["spec.replicas", "spec.replicas", true],
  ["spec.replicas", "spec", true],
  ["spec", "spec.replicas", false],
  ["specs.replicas", "spec", false],
  ["items[3].name", "items[*].name", true],
])("%s is at or below %s: %s", (path, other, want) => {
  expect(isAtOrBelow(parsePath(path), parsePath(other))).toBe(want);
});
