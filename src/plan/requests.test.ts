import { describe, expect, test } from "vitest";
import type { Agent } from "../blueprint/model.ts";
import type { GpuPoolPlan } from "./plan.ts";
import { planResources } from "./requests.ts";

const pools = [
  { name: "whole", gpu: "nvidia-h100", migProfile: undefined },
  { name: "cut", gpu: "nvidia-h100", migProfile: "1g.10gb" },
] as unknown as readonly GpuPoolPlan[];

function agent(resources: Partial<Agent["resources"]>): Agent {
  return { name: "W", resources: { gpu: 0, ...resources } } as unknown as Agent;
}

describe("planResources", () => {
  test.each([
    { title: "nothing", of: {}, want: { cpuMillis: 250, memoryBytes: 512 * 1024 ** 2, gpu: undefined } },
    {
      title: "CPU and memory",
      of: { cpuMillis: 100, memoryBytes: 5 },
      want: { cpuMillis: 100, memoryBytes: 5, gpu: undefined },
    },
    {
      title: "GPUs",
      of: { gpu: 2, gpuPool: "whole" },
      want: { gpu: { pool: "whole", resource: "nvidia.com/gpu", count: 2, devices: [["0"]] } },
    },
    {
      title: "slices",
      of: { gpu: 1, gpuPool: "cut", gpuProfile: "1g.10gb" },
      want: { gpu: { pool: "cut", resource: "nvidia.com/mig-1g.10gb", count: 1, devices: [["0"]] } },
    },
  ])("$title", ({ of, want }) => {
    expect(planResources(agent(of), pools, [["0"]])).toMatchObject(want);
  });

  test.each([
    { of: { gpu: 1, gpuPool: "none" }, words: '"W" requests a GPU of pool "none", which does not exist' },
    { of: { gpu: 1, gpuPool: "whole", gpuProfile: "1g.10gb" }, words: 'pool "whole" has whole GPUs' },
    { of: { gpu: 1, gpuPool: "cut", gpuProfile: "2g.20gb" }, words: 'pool "cut" has slices of 1g.10gb' },
  ])("refuses $of", ({ of, words }) => {
    const act = () => planResources(agent(of), pools, []);
    expect(act).toThrow(expect.objectContaining({ code: "SW608" }));
    expect(act).toThrow(words);
  });
});
