import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { SwarmError } from "../errors.ts";
import { loadBlueprint, parseSource, readSource } from "./load.ts";

const folder = await mkdtemp(join(tmpdir(), "blueprint-"));
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function thrownBy(path: string): Promise<SwarmError> {
  const thrown = await loadBlueprint(path).catch((error: unknown) => error);
  if (thrown instanceof SwarmError) return thrown;
  throw new Error(`expected a SwarmError, got ${String(thrown)}`);
}

test("reads a blueprint from disk", async () => {
  const blueprint = await loadBlueprint(new URL("fixtures/marketing-original.yaml", import.meta.url).pathname);
  expect(blueprint.metadata.id).toBe("marketing-v1");
});

test.each([
  ["missing.yaml", undefined, "there is no such file"],
  [".", undefined, "it is a directory"],
  ["latin1.yaml", new Uint8Array([0x61, 0xe9, 0x62]), "it is not UTF-8 text"],
  ["large.yaml", "#".repeat(1024 * 1024 + 1), "it is larger than 1048576 bytes (1 MiB)"],
])("%s cannot be read: SW802 with the path", async (name, content, reason) => {
  const path = content === undefined ? join(folder, name) : await file(name, content);
  const error = await thrownBy(path);
  expect(error.code).toBe("SW802");
  expect(error.message).toBe(`cannot read ${path}: ${reason}`);
});

test("errors are thrown together, as text and as data", async () => {
  const path = await file(
    "broken.yaml",
    "metadata:\n  id: a\n  name: A\n  version: 1.0.0\ncluster:\n  type: departement\nagents: []\n",
  );
  const error = await thrownBy(path);
  expect(error.code).toBe("SW500");
  expect(error.message).toBe(
    [
      'error[SW204]: "departement" is not department, project, temporary, persistent or standard',
      ` --> ${path}:6:9`,
      "  |",
      "6 |   type: departement",
      "  |         ^^^^^^^^^^^",
      "  = did you mean department?",
      "",
      "error[SW216]: the list of agents is empty",
      ` --> ${path}:7:9`,
      "  |",
      "7 | agents: []",
      "  |         ^^",
      "",
      "2 errors",
    ].join("\n"),
  );
  expect(error.values).toMatchObject({ file: path, diagnostics: [{ code: "SW204" }, { code: "SW216" }] });
});

test("a text is parsed once in a process, also when its own target is named", async () => {
  const path = new URL("fixtures/marketing-original.yaml", import.meta.url).pathname;
  const source = await readSource(path);
  const first = parseSource(source);
  expect(parseSource({ ...source })).toBe(first);
  expect(await loadBlueprint(path)).toBe(first);
  expect(parseSource(source, { target: first.cluster.target.kind })).toBe(first);
});

test("another text, target or Redis is parsed anew", async () => {
  const source = await readSource(new URL("fixtures/marketing-original.yaml", import.meta.url).pathname);
  const first = parseSource(source);
  const other = first.cluster.target.kind === "local" ? "docker" : "local";
  expect(parseSource(source, { target: other }).cluster.target.kind).toBe(other);
  expect(parseSource(source)).toBe(first);
  expect(parseSource(source, { hasRedis: true })).not.toBe(first);
  expect(parseSource({ ...source, text: `${source.text}\n# edited` })).not.toBe(first);
  expect(() => parseSource({ ...source, text: "metadata: {}" })).toThrow(SwarmError);
});
