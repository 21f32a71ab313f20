import { afterAll, describe, test } from "vitest";
import { killAt, printed, type Row, type Way } from "../../lifecycle/kill/matrix.ts";
import { nameOf, pointsOf } from "../../lifecycle/kill/points.ts";
import { type TestCluster, teach } from "../../lifecycle/support/cluster.ts";
import { localTarget } from "../../lifecycle/support/local-target.ts";

const rows: Row[] = [];
const ways = ["resume", "rollback"] as const satisfies readonly Way[];

afterAll(() => console.log(printed(rows)));

describe.each(["scale", "hibernate", "reactivate"] as const)("%s", (kind) => {
  const cleaners: (() => Promise<void>)[] = [];
  let cluster: TestCluster | undefined;
  afterAll(async () => {
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

describe.each(["spawn", "destroy"] as const)("%s", (kind) => {
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
