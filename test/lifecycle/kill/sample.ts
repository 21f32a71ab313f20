import { afterAll, test } from "vitest";
import { type LifecycleTarget, type TestCluster, teach } from "../support/cluster.ts";
import { killAt, printed, type Row } from "./matrix.ts";
import { nameOf, type Point, pointsOf } from "./points.ts";

/** Each way once. */
const sample: readonly (readonly [Point, "resume" | "rollback"])[] = [
  [{ kind: "scale", step: "update", at: "during", victim: "engine" }, "rollback"],
  [{ kind: "hibernate", step: "sleep", at: "during", victim: "runner" }, "resume"],
];

/** A few points of the matrix (test/full/lifecycle/kill), on any target. */
export function killSample(target: LifecycleTarget): void {
  const cleaners: (() => Promise<void>)[] = [];
  const rows: Row[] = [];
  let cluster: TestCluster | undefined;

  afterAll(async () => {
    console.log(printed(rows));
    for (const clean of cleaners) await clean();
  });

  test.each(
    sample.map(([point, way]) => [nameOf(point), way, point] as const),
  )("%s, then %s", async (_name, way, point) => {
    if (!pointsOf(point.kind).some((one) => nameOf(one) === nameOf(point))) throw new Error("there is no such point");
    if (cluster === undefined) {
      cluster = await target.cluster((clean) => cleaners.push(clean), { workers: "1-6" });
      await teach(cluster, 6);
    }
    rows.push(await killAt(cluster, point, way));
  });
}
