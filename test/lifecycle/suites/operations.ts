import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addTask, showTask } from "../../../src/runtime/control/task-calls.ts";
import { until } from "../../support/sandbox.ts";
import {
  agentsOf,
  type LifecycleTarget,
  operationsOf,
  pulumi,
  rootsOf,
  statusOf,
  stepsOf,
  swarmctl,
  teach,
} from "../support/cluster.ts";
import { forgetfulAgent } from "../support/forgetful-agent.ts";

/** Operations of the lifecycle, on any target. */
export function operationsSuite(target: LifecycleTarget): void {
  test("hibernate and reactivate: same states and counts; nothing runs in between, and a bare `pulumi up` wakes nothing", async ({
    onTestFinished,
  }) => {
    const cluster = await target.cluster(onTestFinished, { workers: "1-6" });
    await swarmctl(cluster, "scale", cluster.name, "--to", "4");
    await teach(cluster, 12);
    await swarmctl(cluster, "hibernate", cluster.name);
    expect(await statusOf(cluster)).toMatchObject({ status: "HIBERNATED", state: "hibernated", counts: { worker: 3 } });
    expect(await cluster.running()).toEqual([]);
    const [hibernate] = await operationsOf(cluster);
    expect(await stepsOf(cluster, hibernate?.id ?? "")).toEqual({
      open: "succeeded",
      drain: "succeeded",
      checkpoint: "succeeded",
      sleep: "succeeded",
    });

    const bare = await pulumi(cluster, "up", "--yes");
    expect(bare, bare.stdout + bare.stderr).toMatchObject({ status: 0 });
    expect(bare.stdout).toContain("unchanged");
    expect(await cluster.running()).toEqual([]);
    for (const args of [["hibernate"], ["scale", "--to", "2"]]) {
      const [command = "", ...rest] = args;
      const refused = await cluster.sandbox.run([command, cluster.name, ...rest]);
      expect(refused.status, refused.stderr).toBe(1);
      expect(refused.stderr).toContain(`SW620  cluster ${cluster.name} is HIBERNATED, which allows no`);
      expect(refused.stderr).toContain("possible are update, reactivate, destroy");
    }

    await swarmctl(cluster, "reactivate", cluster.name);
    expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", state: "running", counts: { worker: 3 } });
    const { detail } = (
      await cluster.sandbox.json<{ steps: { name: string; detail: Record<string, string> }[] }>([
        "ops",
        "show",
        hibernate?.id ?? "",
      ])
    ).steps.find(({ name }) => name === "checkpoint") ?? { detail: {} };
    expect(Object.keys(detail)).toEqual(["boss-0", "worker-0", "worker-1", "worker-2"]);
    expect(await rootsOf(cluster)).toEqual(detail);
    // They take work again, and go on counting.
    await teach(cluster, 3);
  });

  test("hibernate: when the state of one cannot be saved, all go back to work", async ({ onTestFinished }) => {
    const cluster = await target.cluster(onTestFinished, { workers: "2", script: forgetfulAgent });
    const before = (await agentsOf(cluster)).map(({ instance, pid }) => ({ instance, pid }));
    const { generation } = await statusOf(cluster);
    const failed = await cluster.sandbox.run(["hibernate", cluster.name]);
    expect(failed.status, failed.stderr).toBe(1);
    expect(failed.stderr).toContain("SW623");
    expect(failed.stderr).toMatch(/worker-0[^\n]*has no checkpoint/);
    const [operation] = await operationsOf(cluster);
    expect(operation).toMatchObject({ kind: "hibernate", status: "rolled-back" });
    const after = await statusOf(cluster);
    expect(after).toMatchObject({ status: "ACTIVE", generation: generation + 2 });
    expect(after.operation).toBeUndefined();
    expect((await agentsOf(cluster)).map(({ instance, pid }) => ({ instance, pid }))).toEqual(before);
    await until("nobody is told to drain any more", async () =>
      (await agentsOf(cluster)).every(({ health, order }) => health === "idle" && order === undefined),
    );
  });

  test("ten wishes for another size in the same moment are at most two updates; the last one holds", async ({
    onTestFinished,
  }) => {
    const cluster = await target.cluster(onTestFinished, { workers: "1-9" });
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
    console.log(`${target.name}: ten wishes in the same moment: ${updates} updates`);
  });

  test("scale-in, also by a bare `pulumi up`: a task in work is finished where it began", async ({
    onTestFinished,
  }) => {
    const cluster = await target.cluster(onTestFinished, { workers: "1-4", drain: "60 seconds" });
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

  test("destroy keeps an archive: blueprint, record and last states; --purge keeps none", async ({
    onTestFinished,
  }) => {
    const cluster = await target.cluster(onTestFinished, { workers: "2" });
    await teach(cluster, 6);
    const { state } = await statusOf(cluster);
    expect(state).toBe("running");
    await swarmctl(cluster, "destroy", cluster.name, "--yes");
    expect(await cluster.running()).toEqual([]);
    const archives = join(cluster.sandbox.home, ".swarmstack", "archive");
    const [folder = ""] = readdirSync(archives);
    expect(readFileSync(join(archives, folder, "blueprint.yaml"), "utf8")).toBe(
      readFileSync(cluster.blueprint, "utf8"),
    );
    expect(readdirSync(join(archives, folder, "checkpoints")).sort()).toEqual([
      "boss-0.json",
      "chunks",
      "worker-0.json",
      "worker-1.json",
    ]);
    const gone = await cluster.sandbox.run(["scale", cluster.name, "--to", "2"]);
    expect(gone).toMatchObject({ status: 1, stderr: expect.stringContaining("SW605") });
  });
}
