import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { formatBlueprint } from "./format.ts";
import { initBlueprint, templates } from "./init.ts";
import { parseBlueprint } from "./parse.ts";
import { renderJsonSchema } from "./schema/json-schema.ts";

const folder = new URL("../../blueprints/", import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));

function shipped(file: string): Promise<string> {
  return readFile(new URL(file, folder), "utf8");
}

test("every shipped blueprint is a template", () => {
  expect(files.toSorted()).toEqual(templates.map((name) => `${name}.yaml`).toSorted());
});

test.each(files)("%s is valid, in canonical form, and knows its schema", async (file) => {
  const text = await shipped(file);
  const { diagnostics } = parseBlueprint(text, { file });
  expect(diagnostics).toEqual([]);
  expect(formatBlueprint(text, file)).toBe(text);
  expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./blueprint.schema.json");
});

test("marketing has room for ten workers, and needs no image", async () => {
  const { blueprint } = parseBlueprint(await shipped("marketing.yaml"), { file: "marketing.yaml", target: "local" });
  const most = blueprint?.agents.reduce((sum, { count }) => sum + count.max, 0) ?? 0;
  expect(most).toBeGreaterThanOrEqual(10);
  expect(blueprint?.metadata.id).toBe("marketing-v1");
  expect(blueprint?.cluster).toMatchObject({ minWorkers: 3, maxWorkers: 20 });
  expect(blueprint?.agents.filter(({ image, command }) => image !== undefined || command !== undefined)).toEqual([]);
});

test("blueprint.schema.json is in step with the format (vitest -u writes it)", async () => {
  await expect(renderJsonSchema()).toMatchFileSnapshot(new URL("blueprint.schema.json", folder).pathname);
});

test.each(templates)("init from %s gives a valid blueprint of the new name", async (template) => {
  const text = await initBlueprint(template, { id: "mine", name: "My: Cluster", schema: "./schema.json" });
  const { blueprint, diagnostics } = parseBlueprint(text, { file: "mine.yaml" });
  expect(diagnostics).toEqual([]);
  expect(blueprint?.metadata).toMatchObject({ id: "mine", name: "My: Cluster" });
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/schema\.json\n#/);
});
