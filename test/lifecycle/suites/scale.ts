import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { addTask, showTask } from "../../../src/drivers/control/task-calls.ts";
import { until } from "../../support/sandbox.ts";
import { clusterOn, operationsOf, pulumi, statusOf, swarmctl } from "../../support/targets/cluster.ts";
import type { Target } from "../../support/targets/target.ts";

/** Scaling on any target. */
export function scaleSuite(target: Target): void {
  test("ten concurrent scale requests are coalesced into at most two updates; the last one wins", async ({
    onTestFinished,
  }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: "1-9" });
    const { generation } = await statusOf(cluster);
    const sizes = [3, 4, 5, 3, 6, 4, 5, 3, 4, 5];
    const ended = await Promise.all(
      sizes.map((size) => cluster.sandbox.run(["scale", cluster.name, "--to", `${size}`])),
    );
    expect(
      ended.map(({ status }) => status),
      ended.map(({ stderr }) => stderr).join("\n"),
    ).toEqual(sizes.map(() => 0));
    const operations = (await operationsOf(cluster)).filter(({ kind }) => kind === "scale");
    expect(operations.map(({ status }) => status)).toEqual(sizes.map(() => "succeeded"));
    const after = await statusOf(cluster);
    const updates = after.generation - generation;
    expect(updates).toBeLessThanOrEqual(2);
    const last = await cluster.sandbox.json<{ wishAfter: { to: number } }>(["ops", "show", operations[0]?.id ?? ""]);
    expect(Object.values(after.counts).reduce((sum, count) => sum + count, 0)).toBe(last.wishAfter.to);
    console.log(`${target.name}: ten concurrent scale requests: ${updates} updates`);
  });

  test("scale-in, also by a bare `pulumi up`: a running task finishes on its instance", async ({ onTestFinished }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: "1-4", drain: "60 seconds" });
    await swarmctl(cluster, "scale", cluster.name, "--role", "worker=4");
    const driver = await cluster.driver();
    const give = async (count: number) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const task = { selector: { agent: "worker" }, payload: { skill: "sleep", ms: 6_000 } };
          return (await addTask(driver, task)).id;
        }),
      );
    const held = async (ids: readonly string[]) => {
      const tasks = await Promise.all(ids.map((id) => showTask(driver, id)));
      return tasks.every(({ holder }) => holder !== undefined) && tasks.map(({ holder }) => holder?.instance);
    };
    const untilEnded = async (ids: readonly string[], holders: readonly (string | undefined)[]) => {
      await until("all are done", async () =>
        (await Promise.all(ids.map((id) => showTask(driver, id)))).every(({ state }) => state === "done"),
      );
      const tasks = await Promise.all(ids.map((id) => showTask(driver, id)));
      expect(tasks.map(({ attempt, result }) => ({ attempt, by: result?.instance }))).toEqual(
        holders.map((by) => ({ attempt: 1, by })),
      );
    };

    const first = await give(4);
    const holders = await until("each has one", () => held(first));
    await swarmctl(cluster, "scale", cluster.name, "--role", "worker=2");
    await untilEnded(first, holders);
    expect(await statusOf(cluster)).toMatchObject({ counts: { worker: 2 }, state: "running" });

    const second = await give(2);
    const two = await until("each has one", () => held(second));
    const smaller = readFileSync(cluster.blueprint, "utf8").replace("count: 1-4", "count: 1");
    cluster.sandbox.write("team.yaml", smaller);
    const bare = await pulumi(cluster, "up", "--yes");
    expect(bare, bare.stdout + bare.stderr).toMatchObject({ status: 0 });
    await untilEnded(second, two);
    expect(await statusOf(cluster)).toMatchObject({ counts: { worker: 1 }, state: "running" });
  });
}
