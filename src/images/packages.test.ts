import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { packagesOf } from "./packages.ts";

const project = realpathSync(mkdtempSync(join(tmpdir(), "swarm-packages-")));

afterEach(() => rmSync(project, { recursive: true, force: true }));

/** Writes a package.json for each folder. */
function install(manifests: Readonly<Record<string, object>>): void {
  for (const [folder, manifest] of Object.entries(manifests)) {
    mkdirSync(join(project, folder), { recursive: true });
    writeFileSync(join(project, folder, "package.json"), JSON.stringify(manifest));
  }
}

async function placedFrom(root: string, without: readonly string[] = []): Promise<Record<string, string>> {
  const packages = await packagesOf(join(project, root), (name) => without.includes(name));
  return Object.fromEntries(packages.map(({ source, target }) => [target, source.slice(project.length + 1)]));
}

test("in a checkout, packages below the root keep their paths", async () => {
  install({
    ".": { dependencies: { a: "1", b: "1" } },
    "node_modules/a": { dependencies: { c: "1" } },
    "node_modules/b": { dependencies: { c: "2" } },
    "node_modules/c": {},
    "node_modules/b/node_modules/c": {},
  });
  expect(await placedFrom(".")).toEqual({
    "node_modules/a": "node_modules/a",
    "node_modules/b": "node_modules/b",
    "node_modules/b/node_modules/c": "node_modules/b/node_modules/c",
    "node_modules/c": "node_modules/c",
  });
});

test("in a project, packages beside the root and below it are both found", async () => {
  install({
    "node_modules/root": { dependencies: { a: "1", c: "2" } },
    "node_modules/root/node_modules/c": {},
    "node_modules/a": { dependencies: { c: "1" } },
    "node_modules/c": {},
  });
  expect(await placedFrom("node_modules/root")).toEqual({
    "node_modules/a": "node_modules/a",
    "node_modules/a/node_modules/c": "node_modules/c",
    "node_modules/c": "node_modules/root/node_modules/c",
  });
});

test("in a store of links, as in pnpm, real folders are copied", async () => {
  const store = "node_modules/.store";
  install({
    [`${store}/root/node_modules/root`]: { dependencies: { a: "1" } },
    [`${store}/a/node_modules/a`]: { dependencies: { b: "1" } },
    [`${store}/b/node_modules/b`]: {},
  });
  for (const [from, name] of [
    [`${store}/root/node_modules/a`, "a"],
    [`${store}/a/node_modules/b`, "b"],
    ["node_modules/root", "root"],
  ] as const) {
    mkdirSync(dirname(join(project, from)), { recursive: true });
    symlinkSync(join(project, `${store}/${name}/node_modules/${name}`), join(project, from));
  }
  expect(await placedFrom("node_modules/root")).toEqual({
    "node_modules/a": `${store}/a/node_modules/a`,
    "node_modules/b": `${store}/b/node_modules/b`,
  });
});

test("the search ends for packages that need each other", async () => {
  install({
    ".": { dependencies: { a: "1" } },
    "node_modules/a": { dependencies: { b: "1" } },
    "node_modules/b": { dependencies: { a: "1" } },
  });
  expect(Object.keys(await placedFrom("."))).toEqual(["node_modules/a", "node_modules/b"]);
});

test("excluded packages, and missing optional or peer packages, are skipped; an error names a missing dependency", async () => {
  install({
    ".": {
      dependencies: { a: "1", engine: "1" },
      optionalDependencies: { o: "1" },
      peerDependencies: { p: "1", q: "1" },
    },
    "node_modules/a": {},
    "node_modules/engine": { dependencies: { x: "1" } },
    "node_modules/p": {},
  });
  expect(Object.keys(await placedFrom(".", ["engine"]))).toEqual(["node_modules/a", "node_modules/p"]);
  await expect(placedFrom(".")).rejects.toThrow("needs x, which is not installed");
});
