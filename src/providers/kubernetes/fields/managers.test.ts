import { expect, test } from "vitest";
import { formerManager, newManager, takeOver } from "./managers.ts";

const own = "pulumi-kubernetes-0123abcd";
const entry = (manager: string, operation: string, fields: object, subresource?: string) => ({
  manager,
  operation,
  apiVersion: "apps/v1",
  fieldsType: "FieldsV1",
  fieldsV1: fields,
  ...(subresource !== undefined && { subresource }),
});
const labels = (name: string) => ({ "f:metadata": { "f:labels": { [`f:${name}`]: {} } } });

test.each([
  ["who created", true, entry("pulumi-kubernetes", "Update", labels("a"))],
  ["kubectl label", true, entry("kubectl-label", "Update", labels("a"))],
  ["kubectl apply, client side", true, entry("kubectl-client-side-apply", "Update", labels("a"))],
  ["a controller", false, entry("mycontroller", "Update", labels("a"))],
  ["another who applies", false, entry("kubectl-x", "Apply", labels("a"))],
  ["kubectl scale", false, entry("kubectl", "Update", { "f:spec": { "f:replicas": {} } }, "scale")],
  ["a status", false, entry("kubectl-edit", "Update", { "f:status": {} }, "status")],
])("§4 taking over ownership: %s: %s", (_title, taken, other) => {
  const applied = entry(own, "Apply", labels("own"));
  const result = takeOver([applied, other], own);
  if (!taken) {
    expect(result).toBeUndefined();
    return;
  }
  expect(result).toEqual([entry(own, "Apply", { "f:metadata": { "f:labels": { "f:own": {}, "f:a": {} } } })]);
});

test("the first apply takes the creator's entry, and leaves the others where they are", () => {
  const foreign = entry("kube-controller-manager", "Update", { "f:status": {} }, "status");
  expect(takeOver([entry("pulumi-kubernetes", "Update", labels("a")), foreign], own)).toEqual([
    foreign,
    entry(own, "Apply", labels("a")),
  ]);
});

test("a manager has eight hex digits, and is found again", () => {
  const made = newManager();
  expect(made).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  const managedFields = [entry("pulumi-kubernetes", "Update", {}), entry(made, "Apply", {})];
  expect(formerManager({ metadata: { managedFields } })).toBe(made);
  expect(formerManager({ metadata: {} })).toBeUndefined();
});
