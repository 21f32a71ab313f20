import { afterAll, describe, expect, test } from "vitest";
import { operationsOf, rootsOf, statusOf, swarmctl, teach } from "../../support/targets/cluster.ts";
import { type MovingCluster, movingCluster, type Station, type Stations } from "../support/moving.ts";
import { canGoBack, type KillCase, type Way } from "./cases.ts";
import { printed, type Row, runAndKill, tryByHand } from "./matrix.ts";
import { nameOf, type Point } from "./points.ts";

/** Each case starts where the previous one ended; prints the matrix. */
export function migrationKills(title: string, stations: () => Stations, cases: readonly KillCase[]): void {
  describe(title, () => {
    const rows: Row[] = [];
    const cleaners: (() => Promise<void>)[] = [];
    let cluster: MovingCluster | undefined;
    afterAll(async () => {
      console.log(printed(rows));
      for (const clean of cleaners) await clean();
    });

    test.each(cases)("$id", async ({ point, way }) => {
      if (cluster === undefined) {
        for (const clean of cleaners.splice(0)) await clean();
        cluster = await movingCluster((clean) => cleaners.push(clean), stations(), { workers: "2" });
        await teach(cluster, 4);
      }
      const present = cluster;
      // The state after a failure is unknown: the next case gets a new cluster.
      cluster = undefined;
      rows.push(await moveAndKill(present, point, way));
      cluster = present;
    });
  });
}

/** Kills during a migration, then resumes or rolls back; one cluster with all its state must remain. */
async function moveAndKill(cluster: MovingCluster, point: Point, way: Way): Promise<Row> {
  const before = await statusOf(cluster);
  const [left, roots] = [await cluster.where(), await rootsOf(cluster)];
  const station: Station = left.target === "local" ? "docker" : "local";
  await runAndKill(cluster, point, station);
  const [operation] = await operationsOf(cluster);
  expect(operation?.kind).toBe("migrate");
  const { id = "", status: journal = "" } = operation ?? {};
  const { stack } = await cluster.where();
  const handsOff = way === "resume" ? await tryByHand(cluster, point, id, { ...cluster, name: stack }) : "-";

  const isOver = journal === "rolled-back" || journal === "succeeded";
  if (!isOver && way === "rollback" && !canGoBack(point)) {
    const refused = await cluster.sandbox.run(["ops", "rollback", id, "--wait", "60s"]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("SW620") });
  }
  const back = isOver ? journal === "rolled-back" : way === "rollback" && canGoBack(point);
  if (!isOver) await swarmctl(cluster, "ops", back ? "rollback" : "resume", id, "--wait", "60s");

  const [here, there] = back ? [left.target, station] : [station, left.target];
  expect(await cluster.where()).toMatchObject({ target: here });
  expect(await cluster.remains({ target: there })).toEqual([]);
  const after = await statusOf(cluster);
  expect(after).toMatchObject({ status: "ACTIVE", state: "running", counts: before.counts });
  expect(after.operation).toBeUndefined();
  expect(await rootsOf(cluster)).toEqual(roots);
  await teach(cluster, 2);
  return { point: nameOf(point), way: isOver ? "-" : back ? "rollback" : "resume", journal, handsOff, end: here };
}
