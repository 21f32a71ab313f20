import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseBlueprint } from "./parse.ts";

const original = await readFile(new URL("fixtures/marketing-original.yaml", import.meta.url), "utf8");

test("the original's example, unchanged, is a blueprint", () => {
  const { blueprint, diagnostics } = parseBlueprint(original, { file: "marketing.yaml" });
  expect(diagnostics.map(({ code }) => code)).toEqual([]);
  expect(blueprint?.metadata).toEqual({ id: "marketing-v1", name: "Marketing Department", version: "1.0.0" });
  expect(blueprint?.cluster).toMatchObject({
    type: "department",
    minWorkers: 3,
    maxWorkers: 20,
    target: { kind: "local" },
  });
  expect(blueprint?.cluster.scaling).toEqual({
    owner: "swarmstack",
    cooldownMs: 60_000,
    signals: [{ metric: "task_queue_length", expression: undefined, scaleUpThreshold: 10, scaleDownThreshold: 2 }],
  });
  expect(blueprint?.agents.map(({ key, count, reportsTo }) => ({ key, count, reportsTo }))).toEqual([
    { key: "marketing-supervisor", count: { min: 1, max: 1 }, reportsTo: undefined },
    { key: "content-creator", count: { min: 0, max: 5 }, reportsTo: "marketing-supervisor" },
  ]);
});
