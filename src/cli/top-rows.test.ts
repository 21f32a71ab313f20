import { expect, test } from "vitest";
import type { RuntimeStatus } from "../drivers/driver.ts";
import { topRows, topTable, topTotals } from "./top-rows.ts";

const writer = {
  id: "writer-0",
  state: "running",
  health: "busy",
  restarts: 0,
  tasks: ["t"],
  cpu: 0.5,
  memoryBytes: 2 ** 20,
} as const;
const silent = { id: "writer-1", state: "running", restarts: 0 } as const;
const crashed = { ...writer, id: "writer-2", state: "backing-off", health: "failed" } as const;
const status = (...instances: RuntimeStatus["agents"][number]["instances"]): RuntimeStatus => ({
  api: "process 1",
  agents: [{ agent: "writer", role: "worker", name: "Writer", running: 1, instances }],
});

test("the target's measurement counts before the instance's own figures", () => {
  const usage = new Map([["writer-0", { cpu: 0.25, memoryBytes: 5 * 2 ** 20 }]]);
  expect(topRows(status(writer), usage)).toEqual([
    {
      instance: "writer-0",
      agent: "writer",
      state: "busy",
      cpu: 0.25,
      memoryBytes: 5 * 2 ** 20,
      measuredBy: "target",
      tasks: 1,
    },
  ]);
  expect(topRows(status(writer), undefined)).toMatchObject([{ cpu: 0.5, measuredBy: "instance" }]);
});

test("what is not measured is unknown, not zero; so is a sum over it", () => {
  const rows = topRows(status(silent, writer), undefined);
  expect(rows.map(({ instance, cpu }) => [instance, cpu])).toEqual([
    ["writer-0", 0.5],
    ["writer-1", undefined],
  ]);
  expect(topTotals(rows)).toEqual({ instances: 2, tasks: 1 });
  expect(topTotals(topRows(status(writer), undefined))).toMatchObject({ cpu: 0.5, memoryBytes: 2 ** 20 });
  expect(topTable(rows)).toMatch(/writer-1 +writer +running +- +- +0/);
  expect(topTable(rows)).toMatch(/writer-0 +writer +busy +~500m +~1Mi +1/);
});

test("an instance that does not run has no usage", () => {
  expect(topRows(status(crashed), undefined)).toEqual([
    { instance: "writer-2", agent: "writer", state: "backing-off", tasks: 1 },
  ]);
  expect(topTable(topRows(undefined, undefined))).toBe("no instances");
});
