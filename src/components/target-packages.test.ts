import { expect, test } from "vitest";
import { requireTargetPackages } from "./target-packages.ts";

test.each(["local", "docker"] as const)("the target %s needs no further package", (kind) => {
  expect(() => requireTargetPackages(kind, () => false)).not.toThrow();
});

test.each([
  ["kubernetes", "npm install @pulumi/kubernetes@4 @kubernetes/client-node@2"],
  ["aws", "npm install @pulumi/aws@7 @pulumi/kubernetes@4 @kubernetes/client-node@2"],
] as const)("the target %s names what it needs", (kind, command) => {
  expect(() => requireTargetPackages(kind, () => false)).toThrow(
    expect.objectContaining({ code: "SW506", hints: [command] }),
  );
});
