import { describe, expect, test } from "vitest";
import type { Agent, GpuPool } from "../blueprint/model.ts";
import { parseBlueprint } from "../blueprint/parse.ts";
import { type PoolContext, planGpuPool } from "./gpu-pools.ts";
import { gpuNodesFor } from "./nodes.ts";
import type { AgentPlan, GpuPoolPlan } from "./plan.ts";

function pool(change: Partial<GpuPool> = {}): GpuPool {
  return {
    name: "h100",
    gpu: "nvidia-h100",
    gpusPerNode: 8,
    nodes: { min: 0, max: 4 },
    migProfile: undefined,
    spot: undefined,
    ...change,
  };
}

const on: Record<"kubernetes" | "docker" | "aws" | "managed", PoolContext> = {
  kubernetes: { cluster: "c", target: "kubernetes", compute: "auto", agents: [] },
  docker: { cluster: "c", target: "docker", compute: "auto", agents: [] },
  aws: { cluster: "c", target: "aws", compute: "auto", agents: [] },
  managed: { cluster: "c", target: "aws", compute: "managed", agents: [] },
};

/** "kind name capacity min-max weight" */
function groups(plan: GpuPoolPlan): readonly string[] {
  return plan.groups.map(
    ({ kind, resource, capacity, nodes, weight }) =>
      `${kind} ${resource} ${capacity} ${nodes.min}-${nodes.max} ${weight}`,
  );
}

const spot = { baseOnDemand: 1, fallback: ["nvidia-h200"] };

describe("how the nodes of a pool are provisioned", () => {
  test.each<{ title: string; of: GpuPool; where: keyof typeof on; provisioning: string; want: string[] }>([
    { title: "nodes exist", of: pool(), where: "kubernetes", provisioning: "labelled", want: [] },
    { title: "a docker host has them", of: pool(), where: "docker", provisioning: "device", want: [] },
    {
      title: "on AWS Karpenter buys them",
      of: pool(),
      where: "aws",
      provisioning: "karpenter",
      want: ["karpenter c-h100 on-demand 0-4 50"],
    },
    {
      title: "a minimum is a managed group, the rest Karpenter's",
      of: pool({ nodes: { min: 1, max: 4 } }),
      where: "aws",
      provisioning: "karpenter",
      want: ["managed c-h100-always on-demand 1-1 100", "karpenter c-h100 on-demand 0-3 50"],
    },
    {
      title: "nothing is left for Karpenter where the size is fixed",
      of: pool({ nodes: { min: 2, max: 2 } }),
      where: "aws",
      provisioning: "karpenter",
      want: ["managed c-h100-always on-demand 2-2 100"],
    },
    {
      title: "spot: the base on demand first, then spot, then other GPUs",
      of: pool({ spot }),
      where: "kubernetes",
      provisioning: "karpenter",
      want: [
        "karpenter c-h100-base on-demand 0-1 100",
        "karpenter c-h100-spot-nvidia-h100 spot 0-3 50",
        "karpenter c-h100-spot-nvidia-h200 spot 0-3 49",
      ],
    },
    {
      title: "permanent nodes count as base",
      of: pool({ nodes: { min: 1, max: 4 }, spot }),
      where: "aws",
      provisioning: "karpenter",
      want: [
        "managed c-h100-always on-demand 1-1 100",
        "karpenter c-h100-spot-nvidia-h100 spot 0-3 50",
        "karpenter c-h100-spot-nvidia-h200 spot 0-3 49",
      ],
    },
    {
      title: "managed groups keep the minimum themselves",
      of: pool({ nodes: { min: 1, max: 4 } }),
      where: "managed",
      provisioning: "managed",
      want: ["managed c-h100 on-demand 1-4 50"],
    },
    {
      title: "managed groups of a base and spot share the minimum",
      of: pool({ nodes: { min: 2, max: 4 }, spot }),
      where: "managed",
      provisioning: "managed",
      want: [
        "managed c-h100-base on-demand 1-1 100",
        "managed c-h100-spot-nvidia-h100 spot 1-3 50",
        "managed c-h100-spot-nvidia-h200 spot 0-3 49",
      ],
    },
    {
      title: "slices need nodes that cut their GPUs",
      of: pool({ migProfile: "1g.10gb" }),
      where: "aws",
      provisioning: "managed",
      want: ["managed c-h100 on-demand 0-4 50"],
    },
  ])("$title", ({ of, where, provisioning, want }) => {
    const plan = planGpuPool(of, on[where]);
    expect(plan.provisioning).toBe(provisioning);
    expect(groups(plan)).toEqual(want);
  });

  test("capacity counts slices where GPUs are cut", () => {
    expect(planGpuPool(pool(), on.kubernetes).capacity).toBe(32);
    expect(planGpuPool(pool({ migProfile: "1g.10gb" }), on.kubernetes).capacity).toBe(32 * 7);
  });

  test("products of the fallbacks count, too", () => {
    expect(planGpuPool(pool({ spot }), on.kubernetes).products).toContain("NVIDIA-H200");
  });
});

describe("a pool that a target cannot provide", () => {
  const whole = { baseOnDemand: 0, fallback: [] };
  const aws = (target: PoolContext["target"]): PoolContext => ({ ...on.aws, target });

  test.each<{ of: GpuPool; where: PoolContext; why: string; hints: readonly string[] }>([
    { of: pool({ spot: whole }), where: on.docker, why: "a docker host has no spot nodes", hints: [] },
    { of: pool({ migProfile: "1g.10gb" }), where: on.docker, why: "the docker target does not cut GPUs", hints: [] },
    {
      of: pool({ migProfile: "1g.10gb", spot: whole }),
      where: on.kubernetes,
      ...{ why: "Karpenter buys no nodes for slices of GPUs", hints: ["leave spot out"] },
    },
    {
      of: pool({ nodes: { min: 1, max: 2 }, spot: whole }),
      where: on.kubernetes,
      ...{ why: "Karpenter keeps no minimum of nodes", hints: ["start nodes at 0"] },
    },
    { of: pool(), where: aws("local"), why: "target local does not assign GPUs", hints: ["choose another target"] },
    {
      of: pool({ migProfile: "9g.1gb" }),
      where: on.kubernetes,
      why: "nvidia-h100 has no MIG profile 9g.1gb",
      hints: [],
    },
  ])("$why", ({ of, where, why, hints }) => {
    const act = () => planGpuPool(of, where);
    expect(act).toThrow(expect.objectContaining({ code: "SW608", values: { pool: "h100" }, hints }));
    expect(act).toThrow(`GPU pool "h100" cannot be provided: ${why}`);
  });
});

test("a base as large as the pool leaves nothing to spot", () => {
  const plan = planGpuPool(pool({ spot: { baseOnDemand: 9, fallback: ["nvidia-h200"] } }), on.kubernetes);
  expect(groups(plan)).toEqual(["karpenter c-h100-base on-demand 0-4 100"]);
});

test("only the agents of a pool decide on its instance types", () => {
  const [agent] = agentsWith(1, "8Gi");
  if (agent === undefined) throw new TypeError("no agent");
  const huge = { ...agent, resources: { ...agent.resources, cpuMillis: 900_000 } };
  const others = [
    { ...huge, resources: { ...huge.resources, gpuPool: "other" } },
    { ...huge, resources: { ...huge.resources, gpu: 0 } },
  ];
  const of = pool({ name: "l4", gpu: "nvidia-l4", gpusPerNode: 1 });
  const alone = planGpuPool(of, { ...on.aws, agents: [agent] });
  expect(planGpuPool(of, { ...on.aws, agents: [agent, ...others] })).toEqual(alone);
});

test("slices count where a node must hold as many agents as it has of them", () => {
  const slices = { cpuMillis: 1000, memoryBytes: 1, gpu: 1, gpuPool: "h100", gpuProfile: "1g.10gb" };
  const agents = agentsWith(1, "8Gi").map((agent) => ({ ...agent, resources: { ...agent.resources, ...slices } }));
  const plan = planGpuPool(pool({ migProfile: "1g.10gb" }), { ...on.aws, agents });
  expect(plan.groups[0]?.instanceTypes).toEqual(["p5.48xlarge"]);
});

test("only instance types are bought on which its agents fit, the one that holds most of them first", () => {
  const types = (cpu: number) => {
    const agents = agentsWith(cpu, "8Gi");
    const plan = planGpuPool(pool({ name: "l4", gpu: "nvidia-l4", gpusPerNode: 1 }), { ...on.aws, agents });
    return plan.groups[0]?.instanceTypes.slice(0, 2);
  };
  expect(types(1)).toEqual(["g6.xlarge", "g6.2xlarge"]);
  expect(types(7)).toEqual(["g6.2xlarge", "g6.4xlarge"]);
  expect(() => types(100)).toThrow("no AWS instance type has 1 nvidia-l4 and room for its agents' CPU and memory");
});

describe("nodes of managed groups follow the counts", () => {
  const plan = planGpuPool(pool({ nodes: { min: 0, max: 4 }, spot: { baseOnDemand: 1, fallback: [] } }), on.managed);
  const agent = (key: string, count: number, kind: "swarmstack" | "keda" | "hpa" = "swarmstack", pool = "h100") =>
    ({
      key,
      count: { min: 0, max: 4 },
      resources: {
        cpuMillis: 1,
        memoryBytes: 1,
        gpu: { pool, resource: "nvidia.com/gpu", count, devices: [] },
      },
      scaling: scalingBy(kind),
    }) satisfies Partial<AgentPlan>;
  const other = agent("b", 8, "swarmstack", "l4");
  const plain = { ...agent("c", 8), resources: { cpuMillis: 1, memoryBytes: 1, gpu: undefined } };

  test.each([
    { title: "no instance runs", agents: [agent("a", 4)], counts: { a: 0 }, want: [0, 0] },
    { title: "two share one node", agents: [agent("a", 4)], counts: { a: 2 }, want: [1, 0] },
    { title: "the third needs another, of spot", agents: [agent("a", 4)], counts: { a: 3 }, want: [1, 1] },
    { title: "what does not share a node is not packed", agents: [agent("a", 5)], counts: { a: 3 }, want: [1, 2] },
    { title: "never over the maximum", agents: [agent("a", 8)], counts: { a: 9 }, want: [1, 3] },
    { title: "a controller may take its maximum", agents: [agent("a", 8, "keda")], counts: { a: 0 }, want: [1, 3] },
    { title: "also an HPA", agents: [agent("a", 8, "hpa")], counts: { a: 0 }, want: [1, 3] },
    { title: "what is left of a node counts as it is", agents: [agent("a", 3)], counts: { a: 3 }, want: [1, 1] },
    {
      title: "agents of other pools lie elsewhere",
      agents: [agent("a", 8), other],
      counts: { a: 1, b: 4 },
      want: [1, 0],
    },
    { title: "and those without a GPU", agents: [agent("a", 8), plain], counts: { a: 1, c: 4 }, want: [1, 0] },
  ])("$title", ({ agents, counts, want }) => {
    expect(plan.groups.map((group) => gpuNodesFor(group, plan, agents, counts))).toEqual(want);
  });
});

function scalingBy(kind: "swarmstack" | "keda" | "hpa"): AgentPlan["scaling"] {
  return kind !== "swarmstack" ? { kind, cooldownMs: 1, signals: [] } : { kind, scaling: undefined };
}

function agentsWith(cpu: number, memory: string): readonly Agent[] {
  const text = `
metadata: { id: t, name: T, version: 1.0.0 }
cluster: { type: standard, target: kubernetes }
gpu_pools: [{ name: l4, gpu: nvidia-l4, nodes: 0-4 }]
agents: [{ role: supervisor, name: A, capabilities: [c], resources: { cpu: ${cpu}, memory: ${memory}, gpu: 1 } }]`;
  return parseBlueprint(text, { file: "t.yaml" }).blueprint?.agents ?? [];
}
