import { describe, expect, test } from "vitest";
import { generalNodesFor, planGeneralNodes } from "./general-nodes.ts";
import type { AgentPlan } from "./plan.ts";

const gib = 1024 ** 3;

function agent(key: string, cpuMillis: number, memoryGib: number, max: number, gpu = false): AgentPlan {
  return {
    ...{ key, count: { min: 0, max }, scaling: { kind: "fixed" } },
    resources: {
      ...{ cpuMillis, memoryBytes: memoryGib * gib },
      gpu: gpu ? { pool: "p", resource: "nvidia.com/gpu", count: 1, devices: [] } : undefined,
    },
  } as unknown as AgentPlan;
}

describe("the smallest type on which every agent fits", () => {
  test.each([
    { title: "no agents", agents: [], type: "m7i.large", most: 2 },
    { title: "its CPU to the edge", agents: [agent("a", 1600, 1, 1)], type: "m7i.large", most: 2 },
    { title: "a little more", agents: [agent("a", 1601, 1, 1)], type: "m7i.xlarge", most: 2 },
    { title: "its memory to the edge", agents: [agent("a", 1, 6, 1)], type: "m7i.large", most: 2 },
    { title: "more memory", agents: [agent("a", 1, 7, 1)], type: "m7i.xlarge", most: 2 },
    {
      title: "the largest decides",
      agents: [agent("a", 1, 1, 1), agent("b", 5000, 1, 1)],
      type: "m7i.2xlarge",
      most: 2,
    },
    { title: "four times that", agents: [agent("a", 12_000, 1, 1)], type: "m7i.4xlarge", most: 2 },
    { title: "twelve times", agents: [agent("a", 38_400, 144, 1)], type: "m7i.12xlarge", most: 2 },
    { title: "the largest type", agents: [agent("a", 76_800, 288, 1)], type: "m7i.24xlarge", most: 2 },
    { title: "a GPU's agent lies elsewhere", agents: [agent("a", 90_000, 1, 9, true)], type: "m7i.large", most: 2 },
    { title: "half as much again as fits, by CPU", agents: [agent("a", 1600, 1, 10)], type: "m7i.large", most: 15 },
    { title: "or by memory", agents: [agent("a", 1, 6, 4)], type: "m7i.large", most: 6 },
  ])("$title: $type, at most $most", ({ agents, type, most }) => {
    expect(planGeneralNodes(agents)).toMatchObject({ instanceType: type, nodes: { min: 2, max: most } });
  });

  test("with what agents can use of it", () => {
    expect(planGeneralNodes([])).toMatchObject({ cpuMillis: 1600, memoryBytes: 6 * gib });
  });

  test("is refused where an agent fits on none", () => {
    for (const large of [agent("a", 76_801, 1, 1), agent("a", 1, 289, 1)]) {
      expect(() => planGeneralNodes([large])).toThrow(expect.objectContaining({ code: "SW608" }));
      expect(() => planGeneralNodes([large])).toThrow("more CPU or memory than the largest node");
    }
  });
});

test.each([
  { count: 0, nodes: 2 },
  { count: 2, nodes: 3 },
  { count: 10, nodes: 15 },
  { count: 99, nodes: 15 },
])("$count instances need $nodes nodes", ({ count, nodes }) => {
  const agents = [agent("a", 1600, 1, 10), agent("b", 1600, 1, 50, true)];
  expect(generalNodesFor(planGeneralNodes(agents), agents, { a: count, b: 50 })).toBe(nodes);
});
