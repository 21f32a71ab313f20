import { expect, test } from "vitest";
import { latestCheckpoint, readChunk } from "../../../src/drivers/control/checkpoint-calls.ts";
import { drain, waitForDrained } from "../../../src/drivers/control/directive-calls.ts";
import { summarizePauses } from "../../../src/lifecycle/migration/ports.ts";
import { agentsOf, detailOf, operationsOf, pulumi, statusOf, swarmctl } from "../../support/targets/cluster.ts";
import { endedTasks, feed } from "../support/feeder.ts";
import { type MovingCluster, movingCluster, numberOf, type Station, type Stations } from "../support/moving.ts";
import { type Recorded, type RecordedLife, recordingAgent } from "../support/recording-agent.ts";

interface MigrationOptions {
  /** Destinations in order; the cluster starts on this machine. */
  readonly way: readonly Station[];
  readonly workers: number;
}

/**
 * Migrates a cluster under load from target to target. The records of the agents prove the result: each run of an instance
 * started after the last action of the previous run, with the state that it had saved.
 */
export function migrationSuite(stations: () => Stations, { way, workers }: MigrationOptions): void {
  test(`${workers} stateful workers under numbered tasks: local -> ${way.join(" -> ")}`, async ({ onTestFinished }) => {
    const options = { workers: `1-${workers}`, script: recordingAgent, drain: "10 seconds" };
    const cluster = await movingCluster(onTestFinished, stations(), options);
    await swarmctl(cluster, "scale", cluster.name, "--role", `worker=${workers}`);
    const feeder = feed(cluster, {
      selector: { agent: "worker" },
      workMs: (number) => 100 + ((number * 37) % 800),
      atOnce: 2 * workers,
    });
    onTestFinished(async () => void (await feeder.stop()));
    const { counts } = await statusOf(cluster);
    const moves: (readonly [Station, Readonly<Record<string, string>>])[] = [];
    for (const station of way) {
      const left = await cluster.where();
      await swarmctl(cluster, "migrate", cluster.name, "--to", station, "--cool-down", "0s");
      moves.push([station, await savedRoots(cluster)]);
      expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", state: "running", counts });
      expect(await cluster.where()).toMatchObject({ target: station });
      await expectLeft(cluster, left);
    }
    const given = await feeder.stop();
    await expectAnsweredOnce(cluster, given);
    const lives = await recordedLives(cluster);
    expect(Object.keys(lives)).toHaveLength(workers);
    for (const [instance, of] of Object.entries(lives)) expectOneAtATime(instance, of, moves);
    print(lives, moves, given);
  });
}

/** Only the tombstone is left of the source, and `up` rejects it. */
async function expectLeft(cluster: MovingCluster, left: Awaited<ReturnType<MovingCluster["where"]>>): Promise<void> {
  expect(await cluster.remains(left)).toEqual([]);
  const { stack } = await cluster.where();
  for (const args of [["--yes"], ["--yes", "--skip-preview"]]) {
    const refused = await pulumi({ ...cluster, name: left.stack }, "up", ...args);
    expect(refused.status).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain(`it is stack ${stack} now`);
  }
  expect(await cluster.remains(left)).toEqual([]);
}

async function expectAnsweredOnce(cluster: MovingCluster, given: number): Promise<void> {
  const tasks = await endedTasks(cluster, given);
  expect(tasks.filter(({ state }) => state !== "done")).toEqual([]);
  const numbers = tasks.map(({ result }) => Number(result?.value)).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: given }, (_, number) => number));
}

/** Root hashes that the last migration transferred, by the number of the instance. */
async function savedRoots(cluster: MovingCluster): Promise<Readonly<Record<string, string>>> {
  const [migrate] = await operationsOf(cluster);
  const { roots } = await detailOf<{ roots: Record<string, string> }>(cluster, migrate?.id ?? "", "transfer");
  return Object.fromEntries(Object.entries(roots).map(([instance, root]) => [numberOf(instance), root]));
}

/** Records of all workers; drains them first, so that all records are saved. */
async function recordedLives(cluster: MovingCluster): Promise<Readonly<Record<string, readonly RecordedLife[]>>> {
  const driver = await cluster.driver();
  await drain(driver, { agent: "worker" });
  await waitForDrained(driver, { agent: "worker" }, { deadlineMs: 30_000 });
  const lives: Record<string, readonly RecordedLife[]> = {};
  for (const { instance, agent } of await agentsOf(cluster)) {
    if (agent !== "worker") continue;
    const { chunks } = await latestCheckpoint(driver, instance);
    const parts = await Promise.all(chunks.map((hash) => readChunk(driver, instance, hash)));
    const recorded = JSON.parse(Buffer.concat(parts).toString("utf8")) as Recorded;
    lives[numberOf(instance)] = recorded.lives;
  }
  return lives;
}

function expectOneAtATime(
  instance: string,
  lives: readonly RecordedLife[],
  moves: readonly (readonly [Station, Readonly<Record<string, string>>])[],
): void {
  expect(lives.map(({ epoch }) => epoch).slice(0, moves.length + 1)).toEqual(
    Array.from({ length: moves.length + 1 }, (_, index) => index + 1),
  );
  for (const [index, [, roots]] of moves.entries()) {
    const [before, after] = [lives[index], lives[index + 1]];
    expect(after?.root).toBe(roots[instance]);
    expect(after?.begunAt).toBeGreaterThanOrEqual(before?.lastAt ?? Number.POSITIVE_INFINITY);
  }
}

/** Pause of a worker by its records: from its last action on the source to its registration on the destination. */
function print(
  lives: Readonly<Record<string, readonly RecordedLife[]>>,
  moves: readonly (readonly [Station, unknown])[],
  given: number,
): void {
  const answered = Object.values(lives).flatMap((of) => of.flatMap((life) => life.answered));
  console.log(`${given} tasks, ${answered.length} answers written down by ${Object.keys(lives).length} workers`);
  for (const [index, [station]] of moves.entries()) {
    const pauses = Object.entries(lives).map(([id, of]) => [
      id,
      (of[index + 1]?.begunAt ?? 0) - (of[index]?.lastAt ?? 0),
    ]);
    const { p50Ms = 0, p95Ms = 0, longestMs = 0 } = summarizePauses(Object.fromEntries(pauses)) ?? {};
    console.log(`to ${station}: pause of a worker p50 ${p50Ms} ms, p95 ${p95Ms} ms, longest ${longestMs} ms`);
  }
}
