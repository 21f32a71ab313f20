import { afterAll, describe, test } from "vitest";
import { type TestCluster, teach } from "../support/cluster.ts";
import { localTarget } from "../support/local-target.ts";
import { killAt, printed, type Row, type Way } from "./matrix.ts";
import { nameOf, pointsOf } from "./points.ts";

const ways = ["resume", "rollback"] as const satisfies readonly Way[];

/** All points of an operation that a cluster outlives, on one cluster; the matrix is printed. */
export function killSuite(kind: "scale" | "hibernate" | "reactivate"): void {
  describe(kind, () => {
    const rows: Row[] = [];
    const cleaners: (() => Promise<void>)[] = [];
    let cluster: TestCluster | undefined;
    afterAll(async () => {
      console.log(printed(rows));
      for (const clean of cleaners) await clean();
    });

    const cases = pointsOf(kind).flatMap((point) => ways.map((way) => [nameOf(point), way, point] as const));
    test.each(cases)("%s, then %s", async (_name, way, point) => {
      if (cluster === undefined) {
        cluster = await localTarget.cluster((clean) => cleaners.push(clean), { workers: "1-6" });
        await teach(cluster, 6);
      }
      rows.push(await killAt(cluster, point, way));
    });
  });
}

/** All points of an operation that a cluster begins or ends with, each on a cluster of its own; the matrix is printed. */
export function killOnceSuite(kind: "spawn" | "destroy"): void {
  describe(kind, () => {
    const rows: Row[] = [];
    afterAll(() => console.log(printed(rows)));

    const cases = pointsOf(kind).flatMap((point) =>
      ways.filter((way) => kind === "spawn" || way === "resume").map((way) => [nameOf(point), way, point] as const),
    );
    test.each(cases)("%s, then %s", async (_name, way, point) => {
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
