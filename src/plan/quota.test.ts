import { expect, test } from "vitest";
import type { AgentPlan, GpuPoolPlan, ProxyPlan } from "./plan.ts";
import { planQuota, surges } from "./quota.ts";

const proxy: ProxyPlan = { resource: "c--egress", image: "squid", port: 3128, config: "" };

function agent(max: number, shape: AgentPlan["shape"], gpu?: { pool: string; count: number }): AgentPlan {
  const resources = { gpu: gpu && { ...gpu, resource: "nvidia.com/gpu", devices: [] } };
  return { count: { min: 0, max }, shape, resources } as unknown as AgentPlan;
}

function pool(name: string, capacity: number): GpuPoolPlan {
  return { name, capacity } as unknown as GpuPoolPlan;
}

const both = [pool("a", 4), pool("b", 100), pool("unused", 8)];

test.each([
  { title: "the agent server alone", agents: [], pods: "1" },
  { title: "one more of each stateless one", agents: [agent(3, "stateless"), agent(2, "stateless")], pods: "8" },
  { title: "none more where state or a GPU is", agents: [agent(3, "single"), agent(2, "ordered")], pods: "6" },
  { title: "no more than the cluster may have", agents: [agent(30, "single")], pods: "21" },
  { title: "two of the proxy, and one more", agents: [agent(3, "single")], of: proxy, pods: "7" },
])("pods: $title", ({ agents, of, pods }) => {
  expect(planQuota(agents, [], 20, of)).toEqual({ pods });
});

test.each([
  { title: "what a pool's agents can have", agents: [agent(1, "single", { pool: "a", count: 3 })], gpus: "3" },
  { title: "no more than the pool has", agents: [agent(9, "single", { pool: "a", count: 3 })], gpus: "4" },
  {
    title: "pools of one resource are added up",
    agents: [
      agent(2, "single", { pool: "a", count: 1 }),
      agent(3, "single", { pool: "b", count: 2 }),
      agent(1, "single", { pool: "b", count: 1 }),
    ],
    gpus: "9",
  },
])("GPUs: $title", ({ agents, gpus }) => {
  expect(planQuota(agents, both, 20, undefined)).toMatchObject({ "requests.nvidia.com/gpu": gpus });
});

test("a rollout starts one more only where there is room for it", () => {
  expect(surges(agent(1, "stateless"))).toBe(true);
  expect(surges(agent(1, "stateless", { pool: "a", count: 1 }))).toBe(false);
  expect(surges(agent(1, "ordered"))).toBe(false);
});
