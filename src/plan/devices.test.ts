import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Agent, GpuPool } from "../blueprint/model.ts";
import { assignDevices } from "./devices.ts";

const pool = (name: string, gpusPerNode: number) => ({ name, gpusPerNode }) as GpuPool;
const agent = (key: string, max: number, gpu: number, gpuPool: string) =>
  ({ key, count: { min: 0, max }, resources: { gpu, gpuPool } }) as Agent;

const hosts = fc.array(
  fc.record({
    users: fc.array(fc.record({ max: fc.integer({ min: 0, max: 6 }), gpu: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 4,
    }),
    spare: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 4 },
);

test("no two instances of a host have one GPU, and none has one of another pool", () => {
  fc.assert(
    fc.property(hosts, (described) => {
      const pools = described.map(({ users, spare }, index) =>
        pool(`p${index}`, users.reduce((sum, { max, gpu }) => sum + max * gpu, 0) + spare),
      );
      const agents = described.flatMap(({ users }, index) =>
        users.map(({ max, gpu }, number) => agent(`a${index}-${number}`, max, gpu, `p${index}`)),
      );
      const devices = assignDevices(agents, pools);
      const given = agents.flatMap(({ key }) => devices[key]?.flat() ?? []);
      expect(new Set(given).size).toBe(given.length);
      let first = 0;
      for (const { name, gpusPerNode } of pools) {
        const own = agents
          .filter(({ resources }) => resources.gpuPool === name)
          .flatMap(({ key }) => devices[key]?.flat() ?? []);
        for (const id of own.map(Number)) expect(id >= first && id < first + gpusPerNode).toBe(true);
        first += gpusPerNode;
      }
    }),
  );
});

test("more GPUs than a host has are refused with the numbers", () => {
  expect(() => assignDevices([agent("a", 3, 2, "p"), agent("b", 1, 1, "p")], [pool("p", 6)])).toThrow(
    'pool "p" has 6 GPUs on a docker host, and the agents\' maxima need 7 (a 3 x 2 + b 1 x 1)',
  );
});

test("ids go up by pool, agent, instance and GPU; agents without one and unused pools get none", () => {
  const agents = [agent("a", 2, 2, "p"), agent("none", 3, 0, "p"), agent("b", 1, 1, "q"), agent("c", 1, 1, "p")];
  expect(assignDevices(agents, [pool("p", 6), pool("q", 1)])).toEqual({
    a: [
      ["0", "1"],
      ["2", "3"],
    ],
    c: [["4"]],
    b: [["6"]],
  });
});

test("a refusal has the numbers and a hint", () => {
  expect(() => assignDevices([agent("a", 4, 2, "p")], [pool("p", 6)])).toThrow(
    expect.objectContaining({
      ...{ code: "SW608", values: { pool: "p", has: 6, wanted: 8 } },
      hints: [expect.stringContaining("gpus_per_node")],
    }),
  );
});
