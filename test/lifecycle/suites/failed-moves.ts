import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { images } from "../../../src/plan/images.ts";
import type { Docker } from "../../../tools/docker/docker.ts";
import { until } from "../../support/sandbox.ts";
import { detailOf, operationsOf, rootsOf, statusOf, swarmctl, teach } from "../../support/targets/cluster.ts";
import { type MovingCluster, movingCluster, type Station } from "../support/moving.ts";

/** A dockerd that these suites may kill and fill. */
interface OwnStations {
  readonly docker: () => Docker;
}

const options = { workers: "2" };

/** Failing migrations from this machine to a dockerd: the cluster stays on the source and works. */
export function failedMovesSuite(stations: () => OwnStations): void {
  test("no daemon, an unknown context, or the current target: rejected or rolled back with an error", async ({
    onTestFinished,
  }) => {
    const cluster = await movingCluster(onTestFinished, stations(), options);
    await teach(cluster, 2);
    const roots = await rootsOf(cluster);
    const { sandbox, name } = cluster;
    const dead = { DOCKER_HOST: `unix://${sandbox.home}/no-daemon.sock` };
    const unreachable = await sandbox.run(["migrate", name, "--to", "docker"], dead);
    expect(unreachable).toMatchObject({ status: 1, stderr: expect.stringContaining("SW623") });
    expect(unreachable.stderr).toContain("no-daemon.sock");
    await expectAsBefore(cluster, roots);

    const elsewhere = await sandbox.run(["migrate", name, "--to", "docker", "--context", "nowhere"]);
    expect(elsewhere).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("there is no docker context nowhere"),
    });
    await expectAsBefore(cluster, roots);
    const before = (await operationsOf(cluster)).length;
    const here = await sandbox.run(["migrate", name, "--to", "local"]);
    expect(here).toMatchObject({ status: 1, stderr: expect.stringContaining("SW625") });
    const back = await sandbox.run(["migrate", name, "--back"]);
    expect(back).toMatchObject({ status: 1, stderr: expect.stringContaining("was never migrated") });
    // These were rejected before anything was written.
    expect(await operationsOf(cluster)).toHaveLength(before);
  });

  test("an incomplete state is not transferred", async ({ onTestFinished }) => {
    const cluster = await movingCluster(onTestFinished, stations(), options);
    await teach(cluster, 4);
    const sites = join(cluster.sandbox.home, ".swarmstack", "clusters");
    const folder = join(sites, readdirSync(sites)[0] ?? "", "checkpoints", "worker-0");
    for (const file of readdirSync(folder)) if (!file.endsWith(".json")) writeFileSync(join(folder, file), "damaged");
    const failed = await cluster.sandbox.run(["migrate", cluster.name, "--to", "docker"]);
    expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining("SW623") });
    expect(failed.stderr).toContain("worker-0");
    await expectAsBefore(cluster, undefined);
  });

  test("of two concurrent migrations of a cluster exactly one runs; then the cool-down applies, and the cluster can be migrated back", async ({
    onTestFinished,
  }) => {
    const cluster = await movingCluster(onTestFinished, stations(), options);
    await teach(cluster, 2);
    const roots = await rootsOf(cluster);
    const { sandbox, name } = cluster;
    const both = await Promise.all([1, 2].map(() => sandbox.run(["migrate", name, "--to", "docker"])));
    expect(both.map(({ status }) => status).sort()).toEqual([0, 4]);
    expect(both.find(({ status }) => status === 4)?.stderr).toContain("SW601");
    await expectAt(cluster, "docker", roots);
    const hot = await sandbox.run(["migrate", name, "--back"]);
    expect(hot).toMatchObject({ status: 1, stderr: expect.stringContaining("SW626") });

    const { exitCode, shown } = await estimateOf(cluster);
    expect(exitCode).toBe(2);
    expect(shown).toMatchObject({ from: "docker", to: "local", instances: 3, tasks: 2, creates: { create: 5 } });
    expect(shown.durationMs).toBeGreaterThan(0);
    await swarmctl(cluster, "migrate", name, "--back", "--cool-down", "0s");
    await expectAt(cluster, "local", roots);
    await swarmctl(cluster, "destroy", name, "--purge", "--yes");
    expect(await cluster.remains({ target: "docker" })).toEqual([]);
    // No tombstone is left either.
    const stacks = await sandbox.run(["pulumi", "stack", "ls", "--all", "--non-interactive"]);
    expect(stacks.stdout).not.toContain(name);
  });

  test("of two concurrent resumes of an interrupted migration exactly one runs", async ({ onTestFinished }) => {
    const cluster = await movingCluster(onTestFinished, stations(), options);
    const { sandbox, name } = cluster;
    const { child, finished } = sandbox.start(["migrate", name, "--to", "docker"]);
    await untilStep(cluster, "prepare");
    child.kill("SIGKILL");
    await finished;
    const [left] = await operationsOf(cluster);
    const both = await Promise.all([1, 2].map(() => sandbox.run(["ops", "resume", left?.id ?? "", "--wait", "3m"])));
    expect(both.map(({ status }) => status).sort()).toEqual([0, 1]);
    expect(both.find(({ status }) => status === 1)?.stderr).toContain("SW620");
    await expectAt(cluster, "docker", undefined);
  });

  test("a cancelled migration is rolled back, unless a final step has started", async ({ onTestFinished }) => {
    const cluster = await movingCluster(onTestFinished, stations(), options);
    await teach(cluster, 2);
    const roots = await rootsOf(cluster);
    const { sandbox, name } = cluster;
    const { finished } = sandbox.start(["migrate", name, "--to", "docker"]);
    await untilStep(cluster, "prepare");
    const [running] = await operationsOf(cluster);
    await swarmctl(cluster, "ops", "cancel", running?.id ?? "");
    const cancelled = await finished;
    expect(cancelled).toMatchObject({ status: 1, stderr: expect.stringContaining("SW623") });
    await expectAsBefore(cluster, roots);
    const again = await sandbox.run(["ops", "cancel", running?.id ?? ""]);
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining("rolled-back") });
  });

  test("the daemon dies during the migration: the cluster works on the source, and the rest is removed when the daemon is back", async ({
    onTestFinished,
  }) => {
    const cluster = await movingCluster(onTestFinished, stations(), { ...options, workers: "6" });
    await teach(cluster, 6);
    const roots = await rootsOf(cluster);
    const { sandbox, name } = cluster;
    const { docker } = stations();
    const { finished } = sandbox.start(["migrate", name, "--to", "docker"]);
    await untilStep(cluster, "prepare");
    await until("something is there", async () => (await cluster.remains({ target: "docker" })).length > 3, 120_000);
    await docker().kill();
    const begun = performance.now();
    const failed = await finished;
    expect(failed.status).toBe(1);
    await teach(cluster, 1);
    console.log(`the source has answered a task ${Math.round((performance.now() - begun) / 1000)} s after the kill`);
    await docker().restart();
    const [operation] = await operationsOf(cluster);
    if (operation?.status !== "rolled-back") await swarmctl(cluster, "ops", "rollback", operation?.id ?? "");
    await expectAt(cluster, "local", undefined);
    expect(Object.keys(await rootsOf(cluster))).toEqual(Object.keys(roots));
    expect(await cluster.remains({ target: "docker" })).toEqual([]);
  });
}

/** A dockerd whose disk has little more space than the agent image needs. */
export function fullDestinationSuite(stations: () => OwnStations): void {
  test("no space on the destination: rolled back with an error, and the source works", async ({ onTestFinished }) => {
    const cluster = await movingCluster(onTestFinished, stations(), options);
    await teach(cluster, 2);
    const roots = await rootsOf(cluster);
    const { client } = stations().docker();
    const filler = await client.createContainer({
      name: "filler",
      Image: images.agent,
      // Large files, then small ones, until the disk is full.
      Entrypoint: ["sh", "-c", "dd if=/dev/zero of=/tmp/big bs=64k; dd if=/dev/zero of=/tmp/small bs=1k"],
      HostConfig: { LogConfig: { Type: "none", Config: {} } },
    });
    await filler.start();
    await filler.wait();
    const failed = await cluster.sandbox.run(["migrate", cluster.name, "--to", "docker"]);
    expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining("SW623") });
    expect(failed.stderr).toContain("no space left on device");
    // Does not assert an empty destination: a daemon without disk space loses the labels of volumes and cannot remove them.
    await expectAt(cluster, "local", roots);
    await teach(cluster, 2);
  });
}

/** The cluster is on the source, and the destination is empty. */
async function expectAsBefore(
  cluster: MovingCluster,
  roots: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  await expectAt(cluster, "local", roots);
  expect(await cluster.remains({ target: "docker" })).toEqual([]);
}

/** The cluster is on the source with its states, and works. */
async function expectAt(
  cluster: MovingCluster,
  station: Station,
  roots: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  expect(await cluster.where()).toMatchObject({ target: station });
  const status = await statusOf(cluster);
  expect(status).toMatchObject({ status: "ACTIVE", state: "running" });
  expect(status.operation).toBeUndefined();
  if (roots !== undefined) expect(await rootsOf(cluster)).toEqual(roots);
}

async function untilStep(cluster: MovingCluster, step: string): Promise<void> {
  await until(
    `step ${step} runs`,
    async () => {
      const [operation] = await operationsOf(cluster);
      if (operation?.kind !== "migrate") return undefined;
      const begun = await detailOf(cluster, operation.id, step).then(
        () => true,
        () => undefined,
      );
      return begun;
    },
    120_000,
  );
}

async function estimateOf(cluster: MovingCluster) {
  const args = ["migrate", cluster.name, "--to", "local", "--dry-run", "--cool-down", "0s", "--json"];
  const { status, stdout } = await cluster.sandbox.run(args);
  return { exitCode: status, shown: JSON.parse(stdout) as { readonly durationMs: number } };
}
