import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engineRecipe, languageHostRecipe } from "./recipe.ts";
import { engineObjection, isOlder, oldestGo, readVersion } from "./version.ts";

test.each([
  ["v3.259.0\n", "3.259.0"],
  ["3.260.0-alpha.1719", "3.260.0"],
  ["go1.26.8", "1.26.8"],
  ["go version go1.27 linux/amd64", "1.27.0"],
  ["", undefined],
  ["command not found", undefined],
])("the version in %j is %s", (text, version) => {
  expect(readVersion(text)).toBe(version);
});

test.each([
  ["3.248.9", "3.249.0", true],
  ["3.249.0", "3.249.0", false],
  ["3.1000.0", "3.249.0", false],
  ["2.999.0", "3.249.0", true],
  ["1.9.0", "1.26.0", true],
])("%s older than %s: %s", (a, b, older) => {
  expect(isOlder(a, b)).toBe(older);
});

test.each([
  ["3.259.0", undefined],
  ["3.249.0", undefined],
  ["3.248.0", "v3.248.0 is older than v3.249.0"],
  ["4.0.0", "v4.0.0 is of another major version than v3.249.0"],
])("engine %s: %s", (version, objection) => {
  expect(engineObjection(version)).toBe(objection);
});

test.each([
  engineRecipe,
  languageHostRecipe,
])("the pinned version of the $name is the one in its go.mod", async (recipe) => {
  const goMod = await readFile(join(recipe.module, "go.mod"), "utf8");
  const target = /^tool (\S+)$/m.exec(goMod)?.[1];
  expect(target).toBe(recipe.target);
  const modules = [...goMod.matchAll(/^\s*(?:require )?(\S+) v(\d+\.\d+\.\d+)/gm)];
  const owner = modules.filter(([, name]) => recipe.target.startsWith(`${name}/`));
  expect(owner.map(([, , version]) => version)).toEqual([recipe.version]);
  expect(/^go (\S+)$/m.exec(goMod)?.[1]).toBe(oldestGo);
});
