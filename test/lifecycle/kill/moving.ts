import { afterAll, describe, expect, test } from "vitest";
import { operationsOf, rootsOf, statusOf, swarmctl, teach } from "../support/cluster.ts";
import { type MovingCluster, movingCluster, type Station, type Stations } from "../support/moving.ts";
import { printed, type Row, runAndKill, tryByHand, type Way } from "./matrix.ts";
import { nameOf, type Point, pointsOf, sidePoints } from "./points.ts";

/** From the first of these steps on a migration only goes forward. */
const forward = new Set(["commit", "activate", "retire", "settle"]);

/** Whether a migration that was killed at a point may still be taken back. */
function canGoBack({ step }: Point): boolean {
  return !forward.has(step);
}

interface Case {
  readonly point: Point;
  readonly way: Way;
}

/** Where it can be taken back both ways are tried; after that the one that is refused, and then goes on. */
function migrationCases(): readonly Case[] {
  const killed = pointsOf("migrate").flatMap((point): Case[] =>
    canGoBack(point)
      ? [
          { point, way: "resume" },
          { point, way: "rollback" },
        ]
      : [{ point, way: "rollback" }],
  );
  return [...killed, ...sidePoints().map((point): Case => ({ point, way: "resume" }))];
}

/** One of several parts of equal size; the matrix is printed. Each case begins where the one before has ended. */
export function migrationKillSuite(
  stations: () => Stations,
  { part, of }: { readonly part: number; readonly of: number },
) {
  const cases = migrationCases();
  const size = Math.ceil(cases.length / of);
  migrationKills(`migrate, part ${part} of ${of}`, stations, cases.slice((part - 1) * size, part * size));
}

export function migrationKills(title: string, stations: () => Stations, cases: readonly Case[]): void {
  describe(title, () => {
    const rows: Row[] = [];
    const cleaners: (() => Promise<void>)[] = [];
    let cluster: MovingCluster | undefined;
    afterAll(async () => {
      console.log(printed(rows));
      for (const clean of cleaners) await clean();
    });

    test.each(
      cases.map(({ point, way }) => [nameOf(point), way, point] as const),
    )("%s, then %s", async (_name, way, point) => {
      if (cluster === undefined) {
        for (const clean of cleaners.splice(0)) await clean();
        cluster = await movingCluster((clean) => cleaners.push(clean), stations(), { workers: "2" });
        await teach(cluster, 4);
      }
      const present = cluster;
      // After a failure nobody knows what is left of it.
      cluster = undefined;
      rows.push(await moveAndKill(present, point, way));
      cluster = present;
    });
  });
}

/** Kills in the middle of a migration, and goes on or back; there is one cluster in the end, with all that it knew. */
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
