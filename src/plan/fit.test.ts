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
      title: "a cordoned node counts: it comes back",
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

test("only pools of labelled nodes are looked at", () => {
  expect(usesPresentNodes(plan(1))).toBe(true);
  const bought = { gpuPools: plan(1).gpuPools.map((pool) => ({ ...pool, provisioning: "karpenter" as const })) };
  expect(usesPresentNodes(bought)).toBe(false);
});
