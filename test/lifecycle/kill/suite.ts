import { afterAll, describe, test } from "vitest";
import { type TestCluster, teach } from "../support/cluster.ts";
import { localTarget } from "../support/local-target.ts";
import { killAt, printed, type Row, type Way } from "./matrix.ts";
import { nameOf, type Point, pointsOf } from "./points.ts";

const ways = ["resume", "rollback"] as const satisfies readonly Way[];

/** One of several parts of equal size, so that no file takes long. */
interface Part {
  /** From 1. */
  readonly part: number;
  readonly of: number;
}

/** Points of an operation that a cluster outlives, on one cluster; the matrix is printed. */
export function killSuite(kind: "scale" | "update" | "hibernate" | "reactivate", { part, of }: Part): void {
  describe(`${kind}, part ${part} of ${of}`, () => {
    const rows: Row[] = [];
    const cleaners: (() => Promise<void>)[] = [];
    let cluster: TestCluster | undefined;
    afterAll(async () => {
      console.log(printed(rows));
      for (const clean of cleaners) await clean();
    });

    const points = pointsOf(kind);
    const size = Math.ceil(points.length / of);
    const own = points.slice((part - 1) * size, part * size);
    test.each(casesOf(own, ways))("%s, then %s", async (_name, way, point) => {
      if (cluster === undefined) {
        cluster = await localTarget.cluster((clean) => cleaners.push(clean), { workers: "1-6" });
        await teach(cluster, 6);
      }
      const present = cluster;
      // After a failure nobody knows what is left of it.
      cluster = undefined;
      rows.push(await killAt(present, point, way));
      cluster = present;
    });
  });
}

/** Points of an operation that a cluster begins or ends with, each on a cluster of its own; the matrix is printed. */
export function killOnceSuite(kind: "spawn" | "destroy"): void {
  describe(kind, () => {
    const rows: Row[] = [];
    afterAll(() => console.log(printed(rows)));

    // A destroy only goes forward.
    const possible = ways.filter((way) => kind === "spawn" || way === "resume");
    test.each(casesOf(pointsOf(kind), possible))("%s, then %s", async (_name, way, point) => {
      const cleaners: (() => Promise<void>)[] = [];
      try {
        const options = { workers: "2", isPlanned: kind === "spawn" };
        rows.push(await killAt(await localTarget.cluster((clean) => cleaners.push(clean), options), point, way));
      } finally {
        for (const clean of cleaners) await clean();
      }
    });
  });
}

function casesOf(points: readonly Point[], possible: readonly Way[]) {
  return points.flatMap((point) => possible.map((way) => [nameOf(point), way, point] as const));
}
