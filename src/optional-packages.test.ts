import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { optionalPackages, requirePackages } from "./optional-packages.ts";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

test("a missing package is named with the command that installs it, an installed one is not", () => {
  const check = () =>
    requirePackages(["@pulumi/aws", "@pulumi/kubernetes"], "the target aws", (name) => name === "@pulumi/kubernetes");
  expect(check).toThrow(
    expect.objectContaining({
      code: "SW506",
      message: "the target aws needs packages that are not installed: @pulumi/aws",
      hints: ["npm install @pulumi/aws@7"],
    }),
  );
});

test("all missing packages are in one command", () => {
  const check = () =>
    requirePackages(["@kubernetes/client-node", "@pulumi/kubernetes"], "the target kubernetes", () => false);
  expect(check).toThrow(
    expect.objectContaining({ hints: ["npm install @kubernetes/client-node@2 @pulumi/kubernetes@4"] }),
  );
});

test("the checkout has them all, as optional peers of the major version that is asked for", () => {
  requirePackages(["@kubernetes/client-node", "@pulumi/aws", "@pulumi/kubernetes"], "a test");
  const asked = Object.fromEntries(Object.entries(optionalPackages).map(([name, major]) => [name, `^${major}`]));
  const majors = Object.entries<string>(manifest.peerDependencies).map(([name, range]) => [name, range.split(".")[0]]);
  expect(Object.fromEntries(majors)).toMatchObject(asked);
  for (const name of Object.keys(optionalPackages)) {
    expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
    expect(manifest.dependencies).not.toHaveProperty(name);
  }
});
