import { expect, test } from "vitest";
import { parsePath } from "../../base/property-path.ts";
import { isHeldElsewhere } from "./held-elsewhere.ts";
import { expandPath, withoutPath } from "./without-path.ts";

const own = "pulumi-kubernetes-0123abcd";
const container = { name: "app", image: "x", env: [{ name: "A", value: "1" }], args: ["a"] };
const spec = { replicas: 3, containers: [container], finalizers: ["a", "b"] };

const live = (manager: string, operation: string, fieldsV1: object, subresource?: string) => ({
  spec,
  metadata: { managedFields: [{ manager, operation, subresource, fieldsV1 }] },
});
const replicas = { "f:spec": { "f:replicas": {} } };
const image = { "f:spec": { "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:image": {} } } } };

test.each([
  ["by a scale", "spec.replicas", live("kubectl", "Update", replicas, "scale"), true],
  ["by an autoscaler", "spec.replicas", live("hpa", "Update", replicas), true],
  ["by us", "spec.replicas", live(own, "Apply", replicas), false],
  ["by who created it for us", "spec.replicas", live("pulumi-kubernetes", "Update", replicas), false],
  ["in an item of a list by key", "spec.containers[0].image", live("x", "Update", image), true],
  ["another field of that item", "spec.containers[0].name", live("x", "Update", image), false],
  [
    "a value of a set",
    "spec.finalizers[1]",
    live("x", "Update", { "f:spec": { "f:finalizers": { 'v:"b"': {} } } }),
    true,
  ],
  [
    "another value of it",
    "spec.finalizers[0]",
    live("x", "Update", { "f:spec": { "f:finalizers": { 'v:"b"': {} } } }),
    false,
  ],
  [
    "below what is held as a whole",
    "spec.containers[0].args[0]",
    live("x", "Update", { "f:spec": { "f:containers": { 'k:{"name":"app"}': { "f:args": {} } } } }),
    true,
  ],
  ["nothing below a parent", "spec", live("x", "Update", replicas), true],
])("§4 ignoreChanges: held elsewhere, %s: %s", (_title, path, object, want) => {
  expect(isHeldElsewhere(object, parsePath(path), own)).toBe(want);
});

test("a place is left out, the rest stays", () => {
  expect(withoutPath({ spec }, ["spec", "replicas"])).toEqual({
    spec: { containers: [container], finalizers: ["a", "b"] },
  });
  expect(withoutPath({ spec }, ["spec", "containers", 0, "image"])).toMatchObject({
    spec: { containers: [{ name: "app" }] },
  });
  expect(withoutPath({ spec }, ["nothing", "there"])).toEqual({ spec });
});

test("a star stands for every item", () => {
  const list = { items: [{ a: 1 }, { a: 2 }] };
  expect(expandPath(list, parsePath("items[*].a"))).toEqual([
    ["items", 0, "a"],
    ["items", 1, "a"],
  ]);
});
