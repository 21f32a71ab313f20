import { describe, expect, test } from "vitest";
import { type NodeFacts, refuseUnfitting, usesPresentNodes } from "./fit.ts";
import type { AgentPlan, GpuPoolPlan } from "./plan.ts";

const gib = 1024 ** 3;

function node(gpus: number, more: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name: `node-${gpus}`,
    labels: { "nvidia.com/gpu.product": "H100" },
    taints: ["nvidia.com/gpu"],
    allocatable: { cpu: 16_000, memory: 64 * gib, "nvidia.com/gpu": gpus },
    ...more,
  };
}

function plan(gpus: number, { nodesMin = 0, countMin = 1, cpu = 4000 } = {}) {
  const gpu = { pool: "h100", resource: "nvidia.com/gpu", count: gpus, devices: [] };
  const agent = {
    key: "model",
    name: "Model",
    count: { min: countMin, max: 4 },
    resources: { cpuMillis: cpu, memoryBytes: 8 * gib, gpu },
  };
  const pool = { name: "h100", provisioning: "labelled", products: ["H100", "H200"], nodes: { min: nodesMin, max: 2 } };
  return { agents: [agent as unknown as AgentPlan], gpuPools: [pool as unknown as GpuPoolPlan] };
}

describe("refuseUnfitting", () => {
  test.each([
    { title: "one node of two is large enough", of: plan(4), nodes: [node(2), node(8)] },
    {
      title: "a cordoned node counts: the cordon is temporary",
      of: plan(4),
      nodes: [node(4, { taints: ["node.kubernetes.io/x"] })],
    },
    { title: "a pool that may be empty is", of: plan(4, { countMin: 0 }), nodes: [] },
  ])("$title: fits", ({ of, nodes }) => {
    expect(() => refuseUnfitting(of, nodes)).not.toThrow();
  });

  test.each([
    {
      title: "too many GPUs",
      of: plan(4),
      nodes: [node(2), node(1)],
      words: "4 nvidia.com/gpu, 4000m cpu, 8192Mi memory; the most that one of 2 has is 2 nvidia.com/gpu, 16000m cpu",
    },
    {
      title: "too much CPU",
      of: plan(1, { cpu: 32_000 }),
      nodes: [node(8)],
      words: "asks for 1 nvidia.com/gpu, 32000m",
    },
    { title: "no such node", of: plan(1), nodes: [node(8, { labels: {} })], words: "none of 1 nodes has the label" },
    {
      title: "none, and the pool has a minimum",
      of: plan(1, { nodesMin: 1, countMin: 0 }),
      nodes: [],
      words: "none of 0",
    },
    { title: "all for others", of: plan(1), nodes: [node(8, { taints: ["team"] })], words: "does not tolerate (team)" },
  ])("$title: refused with the numbers", ({ of, nodes, words }) => {
    expect(() => refuseUnfitting(of, nodes)).toThrow(expect.objectContaining({ code: "SW608" }));
    expect(() => refuseUnfitting(of, nodes)).toThrow(words);
  });
});

test("only pools of labelled nodes are checked", () => {
  expect(usesPresentNodes(plan(1))).toBe(true);
  const bought = { gpuPools: plan(1).gpuPools.map((pool) => ({ ...pool, provisioning: "karpenter" as const })) };
  expect(usesPresentNodes(bought)).toBe(false);
});

test("a refusal has the requests, and the number of nodes", () => {
  expect(() => refuseUnfitting(plan(4), [node(2), node(1), node(8, { taints: ["team"] })])).toThrow(
    expect.objectContaining({
      values: {
        ...{ agent: "model", pool: "h100", nodes: 2 },
        wanted: { "nvidia.com/gpu": 4, cpu: 4000, memory: 8 * gib },
      },
      hints: [
        expect.stringContaining("resources"),
        expect.stringContaining("kubectl get nodes -L nvidia.com/gpu.product"),
      ],
    }),
  );
});

test("a node with exactly the requests is enough; one without a resource is not", () => {
  const exact = node(4, { allocatable: { cpu: 4000, memory: 8 * gib, "nvidia.com/gpu": 4 } });
  expect(() => refuseUnfitting(plan(4), [exact])).not.toThrow();
  expect(() => refuseUnfitting(plan(4), [node(4, { allocatable: { cpu: 4000, memory: 8 * gib } })])).toThrow(
    "has is 0 nvidia.com/gpu",
  );
});

test("bought pools, and agents without a GPU, are not checked", () => {
  const { agents, gpuPools } = plan(4);
  const bought = gpuPools.map((pool) => ({ ...pool, provisioning: "karpenter" as const }));
  expect(() => refuseUnfitting({ agents, gpuPools: bought }, [])).not.toThrow();
  const plain = agents.map((agent) => ({ ...agent, resources: { ...agent.resources, gpu: undefined } }));
  expect(() => refuseUnfitting({ agents: plain, gpuPools }, [])).not.toThrow();
});
