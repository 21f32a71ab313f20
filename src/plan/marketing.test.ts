import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseBlueprint } from "../blueprint/parse.ts";
import { allocate, defaultTarget } from "./allocate.ts";
import { compile } from "./compile.ts";

const files = {
  original: new URL("../blueprint/fixtures/marketing-original.yaml", import.meta.url),
  shipped: new URL("../../blueprints/marketing.yaml", import.meta.url),
};

function limitsOf(file: URL) {
  const { blueprint, diagnostics } = parseBlueprint(readFileSync(file, "utf8"), { file: file.pathname });
  if (blueprint === undefined) throw new Error(diagnostics[0]?.message);
  return compile(blueprint, { cluster: "marketing" }).bounds;
}

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

test("the original's marketing example, unchanged, starts three agents", () => {
  const limits = limitsOf(files.original);
  expect(allocate(defaultTarget(limits), limits)).toEqual({ "marketing-supervisor": 1, "content-creator": 2 });
});

test("target_workers 10 exceeds the original, and is refused with the numbers; the shipped one accepts it", () => {
  const original = limitsOf(files.original);
  expect(() => allocate(10, original)).toThrow(
    "target_workers (10) is over the sum of the agents' maxima (6 = marketing-supervisor 1 + content-creator 5)",
  );
  expect(sum(allocate(10, limitsOf(files.shipped)))).toBe(10);
});
