import { expect, test } from "vitest";
import { awsInstancesFor } from "./aws-instances.ts";
import { gpuInstanceTypes, type NodeUser } from "./gpu-nodes.ts";

const gib = 1024 ** 3;

function agent(gpu: number, cpuMillis?: number, memoryBytes?: number): NodeUser {
  return { gpu, cpuMillis, memoryBytes };
}

const names = awsInstancesFor("nvidia-l4", 1).map(({ name }) => name);
const [smallest, second] = awsInstancesFor("nvidia-l4", 1);

test("all types with so many GPUs without a larger request, each once", () => {
  expect(gpuInstanceTypes("nvidia-l4", 1, 1, [])).toEqual(names);
  expect(gpuInstanceTypes("nvidia-l4", 1, 1, [agent(1)])).toEqual(names);
});

test("nine tenths of a node are for agents: its CPU and its memory, to the edge", () => {
  const { name = "", vcpus = 0, memoryGib = 0 } = smallest ?? {};
  const cpu = vcpus * 900;
  const memory = memoryGib * gib * 0.9;
  const first = (of: NodeUser) => gpuInstanceTypes("nvidia-l4", 1, 1, [of])[0];
  expect(first(agent(1, cpu, 1))).toBe(name);
  expect(first(agent(1, cpu + 1, 1))).toBe(second?.name);
  expect(first(agent(1, 1, memory))).toBe(name);
  expect(first(agent(1, 1, memory + 1))).toBe(second?.name);
});

test("types that hold an agent for each GPU come first, and those that hold fewer behind them", () => {
  const { name = "", vcpus = 0 } = smallest ?? {};
  // One fits on the smallest, and two do not.
  const types = gpuInstanceTypes("nvidia-l4", 1, 2, [agent(1, vcpus * 500, 1)]);
  expect(types.at(-1)).toBe(name);
  expect([...types].sort()).toEqual([...names].sort());
  // An agent that takes both GPUs is alone.
  expect(gpuInstanceTypes("nvidia-l4", 1, 2, [agent(2, vcpus * 500, 1)])[0]).toBe(name);
  // The largest agent decides.
  expect(gpuInstanceTypes("nvidia-l4", 1, 2, [agent(2, 1, 1), agent(1, vcpus * 500, 1)])[0]).not.toBe(name);
});

test("no type is left where an agent fits on none", () => {
  expect(gpuInstanceTypes("nvidia-l4", 1, 1, [agent(1), agent(1, 9_000_000)])).toEqual([]);
  expect(gpuInstanceTypes("nvidia-l4", 1, 1, [agent(1, 1, 9_000 * gib)])).toEqual([]);
});
