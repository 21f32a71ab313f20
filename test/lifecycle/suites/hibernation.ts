import { expect, test } from "vitest";
import { until } from "../../support/sandbox.ts";
import {
  agentsOf,
  clusterOn,
  detailOf,
  operationsOf,
  pulumi,
  rootsOf,
  statusOf,
  stepsOf,
  swarmctl,
  teach,
} from "../../support/targets/cluster.ts";
import type { Target } from "../../support/targets/target.ts";
import { forgetfulAgent } from "../support/forgetful-agent.ts";

/** Hibernation and reactivation on any target. */
export function hibernationSuite(target: Target): void {
  test("hibernate and reactivate: restores states and replicas; nothing runs in between, and a bare `pulumi up` starts nothing", async ({
    onTestFinished,
  }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: "1-6" });
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
      expect(refused.stderr).toContain(`SW620  cluster ${cluster.name} is HIBERNATED, which does not allow`);
      expect(refused.stderr).toContain("allowed: update, reactivate, autostop, unpin, destroy");
    }

    await swarmctl(cluster, "reactivate", cluster.name);
    expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", state: "running", counts: { worker: 3 } });
    const saved = await detailOf<Record<string, string>>(cluster, hibernate?.id ?? "", "checkpoint");
    const workers = [0, 1, 2].map((ordinal) => cluster.instance("worker", ordinal));
    expect(Object.keys(saved)).toEqual([cluster.instance("boss", 0), ...workers]);
    expect(await rootsOf(cluster)).toEqual(saved);
    // They work again and continue their count.
    await teach(cluster, 3);
  });
}

/** An instance whose state cannot be saved, on any target. */
export function failedHibernationSuite(target: Target): void {
  test("hibernate: if one state cannot be saved, all agents resume work", async ({ onTestFinished }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: "2", script: forgetfulAgent });
    const before = (await agentsOf(cluster)).map(({ instance, pid }) => ({ instance, pid }));
    const { generation } = await statusOf(cluster);
    const failed = await cluster.sandbox.run(["hibernate", cluster.name]);
    expect(failed.status, failed.stderr).toBe(1);
    expect(failed.stderr).toContain("SW623");
    expect(failed.stderr).toMatch(new RegExp(`${cluster.instance("worker", 0)}[^\\n]*has no checkpoint`));
    const [operation] = await operationsOf(cluster);
    expect(operation).toMatchObject({ kind: "hibernate", status: "rolled-back" });
    const after = await statusOf(cluster);
    expect(after).toMatchObject({ status: "ACTIVE", generation: generation + 2 });
    expect(after.operation).toBeUndefined();
    expect((await agentsOf(cluster)).map(({ instance, pid }) => ({ instance, pid }))).toEqual(before);
    await until("no instance has a drain directive", async () =>
      (await agentsOf(cluster)).every(({ health, order }) => health === "idle" && order === undefined),
    );
  });
}
