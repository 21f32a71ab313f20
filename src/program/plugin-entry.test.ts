import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findProjectFile, namedPlugin, projectName, requirePlugin, withPlugin } from "./plugin-entry.ts";

const folder = mkdtempSync(join(tmpdir(), "swarm-project-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = "node_modules/swarmstack/plugins/swarmstack";
const plain = "# Our shop.\nname: shop\nruntime: nodejs # as always\n";

test.each([
  { what: "a file without plugins", text: plain },
  { what: "a file with other providers", text: `${plain}plugins:\n  providers:\n    - name: own\n      path: ./own\n` },
  {
    what: "a file with other plugins",
    text: `${plain}plugins:\n  analyzers:\n    - name: rules\n      path: ./rules\n`,
  },
  {
    what: "a file with another path",
    text: `${plain}plugins:\n  providers:\n    - { name: swarmstack, path: ./old }\n`,
  },
])("the lines are added to $what, and the rest stays", ({ text }) => {
  const written = withPlugin(text, path);
  expect(namedPlugin(written)).toBe(path);
  expect(withPlugin(written, path)).toBe(written);
  expect(written.startsWith(plain)).toBe(true);
  for (const other of ["name: own", "analyzers:"]) expect(written.includes(other)).toBe(text.includes(other));
});

test("a file that is no project names nothing", () => {
  expect(namedPlugin("- a list")).toBeUndefined();
  expect(projectName("- a list")).toBeUndefined();
  expect(projectName(plain)).toBe("shop");
});

test("the nearest file is that of the folder, or of one above it", () => {
  const inner = join(folder, "a", "b");
  mkdirSync(inner, { recursive: true });
  const file = join(folder, "Pulumi.yaml");
  writeFileSync(file, plain);
  expect(findProjectFile(inner)).toBe(file);
  writeFileSync(join(folder, "a", "Pulumi.yml"), plain);
  expect(findProjectFile(inner)).toBe(join(folder, "a", "Pulumi.yml"));
});

test("the plugin must be named, with a path that exists, or be on PATH", () => {
  const file = join(folder, "Pulumi.yaml");
  const plugin = join(folder, "plugin");
  mkdirSync(plugin);
  writeFileSync(join(plugin, "pulumi-resource-swarmstack"), "", { mode: 0o755 });
  const check = (text: string, env = {}) => requirePlugin(file, text, env);
  expect(() => check(plain)).toThrow(expect.objectContaining({ code: "SW508" }));
  expect(() => check(plain)).toThrow(/plugins:\n {2}providers:\n {4}- \{ name: swarmstack, path: /);
  expect(() => check(withPlugin(plain, "./none"), { PATH: plugin })).toThrow(/no plugin that exists: \.\/none/);
  expect(() => check(plain, { PATH: plugin })).not.toThrow();
  expect(() => check(withPlugin(plain, "./plugin"))).not.toThrow();
});
