import { expect, test } from "vitest";
import type { AgentRow } from "../../../src/cli/clusters.ts";
import { clusterOn, operationsOf, stepsOf, swarmctl, type TestCluster, teach } from "../../support/targets/cluster.ts";
import type { Target } from "../../support/targets/target.ts";

interface Saved {
  readonly root: string;
  readonly isLatest: boolean;
}

/** Commands of an operator on a running cluster, on any target. */
export function operateSuite(target: Target): void {
  test("wait, describe, top, restart, checkpoint restore, task purge and autostop", async ({ onTestFinished }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: "1" });
    const { sandbox, name } = cluster;
    const worker = cluster.instance("worker", 0);
    await swarmctl(cluster, "wait", name, "--for=ready", "--timeout", "1m");
    const not = await sandbox.run(["wait", name, "--for=hibernated", "--timeout", "0s", "--json"]);
    expect(not.status).toBe(1);
    expect(JSON.parse(not.stdout)).toMatchObject({ met: false, now: "it is ACTIVE" });
    await teach(cluster, 2);

    const described = await sandbox.json<{ agents: unknown[]; events: unknown[]; operations: unknown[] }>(["describe"]);
    expect(described).toMatchObject({ kind: "cluster", status: "ACTIVE", operations: [{ kind: "spawn" }] });
    expect(described.events).not.toEqual([]);
    expect(await sandbox.json(["describe", worker])).toMatchObject({ kind: "instance", state: "running" });
    expect(await sandbox.json(["describe", "worker"])).toMatchObject({ kind: "agent", running: 1 });

    const { child, finished } = sandbox.start(["exec", worker, "-i", "--", "wc", "-c"], {}, "pipe");
    child.stdin?.end("some text\n".repeat(20_000));
    expect(await finished).toMatchObject({ status: 0, stdout: expect.stringMatching(/^ *200000\n$/) });
    const timed = await sandbox.run(["logs", worker, "--since", "1h", "--timestamps"]);
    if (target.name !== "local") expect(timed.stdout, timed.stderr).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /m);

    const { instances } = await sandbox.json<{ instances: { instance: string; cpu?: number; memoryBytes?: number }[] }>(
      [...["top", "--once"]],
    );
    const used = instances.find(({ instance }) => instance === worker);
    expect(used?.memoryBytes ?? 1).toBeGreaterThan(0);

    const [before, states] = [await rowOf(cluster, worker), await savedOf(cluster, worker)];
    await swarmctl(cluster, "restart", name, "worker");
    const after = await rowOf(cluster, worker);
    expect(after).toMatchObject({ state: "running" });
    expect(after?.startedAt).not.toBe(before?.startedAt);
    const [restart] = await operationsOf(cluster);
    expect(await stepsOf(cluster, restart?.id ?? "")).toEqual({ list: "succeeded", restart: "succeeded" });
    expect((await savedOf(cluster, worker))[0]?.root).toBe(states[0]?.root);

    await swarmctl(cluster, "checkpoint", "restore", worker);
    expect((await savedOf(cluster, worker)).map(({ root }) => root)).toEqual([states[1]?.root, states[0]?.root]);
    // It works on from there.
    await teach(cluster, 1);

    const purged = await sandbox.json(["task", "purge", "--state", "done", "--agent", "worker", "--yes"]);
    expect(purged).toMatchObject({ purged: 3, leased: 0 });

    await swarmctl(cluster, "autostop", name, "--idle", "30m");
    await swarmctl(cluster, "up", cluster.blueprint);
    expect(await sandbox.json(["autostop", name])).toMatchObject({ autostop: { idleMs: 1_800_000 } });
    expect(await sandbox.json(["status", name])).toMatchObject({ lifetime: { idleTimeoutMs: 1_800_000 } });
    await swarmctl(cluster, "autostop", name, "reset");
    expect(await sandbox.json(["autostop", name])).toMatchObject({ autostop: null });

    const all = await sandbox.run(["down", "--all", "--yes"]);
    expect(all, all.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining("1 of 1 clusters removed") });
    await swarmctl(cluster, "wait", name, "--for=destroyed", "--timeout", "0s");
  });
}

async function rowOf({ sandbox, name }: TestCluster, instance: string): Promise<AgentRow | undefined> {
  const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", name]);
  return agents.find((one) => one.instance === instance);
}

async function savedOf({ sandbox }: TestCluster, instance: string): Promise<readonly Saved[]> {
  return (await sandbox.json<{ checkpoints: Saved[] }>(["checkpoint", "list", instance])).checkpoints;
}
