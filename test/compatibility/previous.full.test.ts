import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isUnavailable, requireServers } from "../support/servers/required.ts";
import {
  agentsOf,
  clusterOn,
  operationsOf,
  rootsOf,
  statusOf,
  swarmctl,
  type TestCluster,
  teach,
} from "../support/targets/cluster.ts";
import { useSharedTarget } from "../support/targets/shared.ts";
import type { OnFinished, Target } from "../support/targets/target.ts";
import { buildPrevious, type PreviousVersion, previousCommit } from "./previous-version.ts";

let previous: PreviousVersion;
let missing: string | undefined;

beforeAll(async () => {
  const built = await buildPrevious(previousCommit);
  requireServers({ "previous version": built });
  if (isUnavailable(built)) missing = built.unavailable;
  else previous = built;
});
beforeEach(({ skip }) => {
  if (missing !== undefined) skip(missing);
});
afterAll(() => previous?.remove());

/** A blueprint that the previous version can read: without a start period. */
async function plannedOn(target: Target, onFinished: OnFinished, workers: string): Promise<TestCluster> {
  const cluster = await clusterOn(target, onFinished, { workers, isPlanned: true });
  cluster.sandbox.write("team.yaml", cluster.sandbox.read("team.yaml").replace(/^ *start_period:.*\n/m, ""));
  return cluster;
}

/** A cluster that the previous version brought up: its state, its journal, and its processes, which run on. */
async function fromPrevious(target: Target, onFinished: OnFinished, workers: string): Promise<TestCluster> {
  const cluster = await plannedOn(target, onFinished, workers);
  const up = await previous.swarmctl(cluster.sandbox, "up", cluster.blueprint);
  expect(up, up.stderr).toMatchObject({ status: 0 });
  return cluster;
}

describe.each(["local", "docker"] as const)("on %s", (name) => {
  const target = useSharedTarget(name);

  test("a cluster that runs is read, driven, updated, hibernated, reactivated and destroyed", async ({
    onTestFinished,
  }) => {
    const cluster = await fromPrevious(target, onTestFinished, "1-4");
    expect(await statusOf(cluster)).toMatchObject({
      status: "ACTIVE",
      state: "running",
      counts: { boss: 1, worker: 1 },
    });
    const before = (await agentsOf(cluster)).map(({ instance, pid }) => ({ instance, pid }));
    await teach(cluster, 4);
    const roots = await rootsOf(cluster);
    const add = [
      "task",
      "add",
      '{"skill":"sum","numbers":[20,22]}',
      "--agent",
      "worker",
      "--wait",
      "1m",
      "--cluster",
      cluster.name,
    ];
    expect(await cluster.sandbox.json(add)).toMatchObject({ state: "done", result: { value: 42 } });
    expect((await agentsOf(cluster)).map(({ instance, pid }) => ({ instance, pid }))).toEqual(before);
    expect(Object.keys(roots)).toEqual(Object.keys(await rootsOf(cluster)));

    await swarmctl(cluster, "scale", cluster.name, "--role", "worker=3");
    expect(await statusOf(cluster)).toMatchObject({ counts: { boss: 1, worker: 3 } });
    await swarmctl(cluster, "up", cluster.blueprint);
    const learnt = await rootsOf(cluster);
    await swarmctl(cluster, "hibernate", cluster.name);
    expect(await cluster.running()).toEqual([]);
    await swarmctl(cluster, "reactivate", cluster.name);
    expect(await rootsOf(cluster)).toMatchObject(learnt);
    await teach(cluster, 2);
    await swarmctl(cluster, "destroy", cluster.name, "--yes");
    expect(await cluster.running()).toEqual([]);
  });
});

/** An operation that is left open after one of its steps, and the state of the cluster once it is resumed. */
const left = [
  { kind: "spawn", step: "update", at: "before", from: undefined, to: "ACTIVE" },
  { kind: "update", step: "update", at: "before", from: "ACTIVE", to: "ACTIVE" },
  { kind: "scale", step: "fold", at: "after", from: "ACTIVE", to: "ACTIVE" },
  { kind: "hibernate", step: "checkpoint", at: "after", from: "ACTIVE", to: "HIBERNATED" },
  { kind: "reactivate", step: "wake", at: "after", from: "HIBERNATED", to: "ACTIVE" },
  { kind: "destroy", step: "drain", at: "after", from: "ACTIVE", to: "DESTROYED" },
] as const;

describe("an operation that the previous version began and left", () => {
  const target = useSharedTarget("local");

  test.each(left)("$kind, killed $at $step, is resumed: the cluster is $to", async ({ kind, step, at, from, to }) => {
    const cleaners: (() => Promise<void>)[] = [];
    try {
      const onFinished: OnFinished = (clean) => cleaners.push(clean);
      const isPlanned = from === undefined;
      const cluster = isPlanned
        ? await plannedOn(target, onFinished, "1-4")
        : await fromPrevious(target, onFinished, "1-4");
      if (!isPlanned) await teach(cluster, 2);
      if (from === "HIBERNATED") await previous.swarmctl(cluster.sandbox, "hibernate", cluster.name);
      const point = { kind, step, at, victim: "runner" };
      const args = ["--cluster", cluster.name, "--file", cluster.blueprint, "--point", JSON.stringify(point)];
      const killed = await previous.script(cluster.sandbox, "test/lifecycle/kill/runner.ts", ...args);
      expect(killed.signal, killed.stderr).toBe("SIGKILL");
      const [operation] = await operationsOf(cluster);
      expect(operation).toMatchObject({ kind, status: "running" });
      await swarmctl(cluster, "ops", "resume", operation?.id ?? "", "--wait", "60s");
      expect((await operationsOf(cluster))[0]).toMatchObject({ id: operation?.id, status: "succeeded" });
      if (to === "DESTROYED") expect(await cluster.running()).toEqual([]);
      else expect(await statusOf(cluster)).toMatchObject({ status: to });
    } finally {
      for (const clean of cleaners) await clean();
    }
  });
});
