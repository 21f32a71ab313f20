import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { canonicalJson, digestOf } from "./digest.ts";
import { validCases } from "./fixtures/valid.fixture.ts";
import { parseBlueprint } from "./parse.ts";
import { readYaml } from "./source/read-yaml.ts";
import { toPlain } from "./source/tree.ts";

const first = validCases[0]?.text ?? "";

function digest(text: string): string | undefined {
  return parseBlueprint(text, { file: "a.yaml" }).blueprint?.digest;
}

/** The same data with its keys in an order that the numbers decide. */
function permute(value: unknown, next: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => permute(item, next));
  if (typeof value !== "object" || value === null) return value;
  const keyed = Object.entries(value).map(([key, inner]) => ({ key, inner, rank: next() }));
  return Object.fromEntries(keyed.sort((a, b) => a.rank - b.rank).map(({ key, inner }) => [key, permute(inner, next)]));
}

test("permuted keys and removed comments give the same digest", () => {
  const { root } = readYaml(first, () => {});
  const data = root === undefined ? undefined : toPlain(root);
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (stream) => {
      const text = stringify(permute(data, () => Number(stream.next().value)));
      expect(digest(text)).toBe(digest(first));
    }),
    { numRuns: 30, seed: 1 },
  );
});

test("a change of a value gives another digest", () => {
  expect(digest(first)).toMatch(/^[0-9a-f]{64}$/);
  expect(digest(first.replace("max_workers: 20", "max_workers: 21"))).not.toBe(digest(first));
});

test("the target of the command line does not change the digest", () => {
  const text = validCases.find(({ title }) => title === "no line break at the end")?.text ?? "";
  const docker = parseBlueprint(text, { file: "a.yaml", target: "docker" }).blueprint;
  expect(docker?.cluster.target.kind).toBe("docker");
  expect(docker?.digest).toBe(digest(text));
});

test("canonical JSON sorts keys at every depth, and keeps the order of lists", () => {
  expect(canonicalJson({ b: [{ d: 1, c: undefined }, 2], a: null })).toBe('{"a":null,"b":[{"d":1},2]}');
  expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
});
