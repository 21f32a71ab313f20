import { afterAll, describe, test } from "vitest";
import { clusterOn, type TestCluster, teach } from "../../support/targets/cluster.ts";
import { localTarget } from "../../support/targets/local.ts";
import type { Target } from "../../support/targets/target.ts";
import { type KillCase, killedOnItsOwn, killedOnOneCluster } from "./cases.ts";
import { killAt, printed, type Row } from "./matrix.ts";

/** Kills on the local target, by operation; prints the matrix. */
export function killSuite(cases: readonly KillCase[]): void {
  for (const kind of killedOnOneCluster) killOnOneCluster(kind, cases.filter(of(kind)), localTarget);
  for (const kind of killedOnItsOwn) killOnItsOwn(kind, cases.filter(of(kind)));
}

const of =
  (kind: string) =>
  ({ point }: KillCase) =>
    point.kind === kind;

/** Points of operations on an existing cluster, in sequence on one cluster. */
export function killOnOneCluster(title: string, cases: readonly KillCase[], target: Target): void {
  if (cases.length === 0) return;
  describe(title, () => {
    const rows: Row[] = [];
    const cleaners: (() => Promise<void>)[] = [];
    let cluster: TestCluster | undefined;
    afterAll(async () => {
      console.log(printed(rows));
      for (const clean of cleaners) await clean();
    });

    test.each(cases)("$id", async ({ point, way }) => {
      if (cluster === undefined) {
        cluster = await clusterOn(target, (clean) => cleaners.push(clean), { workers: "1-6" });
        await teach(cluster, 6);
      }
      const present = cluster;
      // The state after a failure is unknown: the next case gets a new cluster.
      cluster = undefined;
      rows.push(await killAt(present, point, way));
      cluster = present;
    });
  });
}

/** Points of an operation that creates or destroys a cluster, each on a separate cluster. */
function killOnItsOwn(kind: "spawn" | "destroy", cases: readonly KillCase[]): void {
  if (cases.length === 0) return;
  describe(kind, () => {
    const rows: Row[] = [];
    afterAll(() => console.log(printed(rows)));

    test.each(cases)("$id", async ({ point, way }) => {
      const cleaners: (() => Promise<void>)[] = [];
      try {
        const options = { workers: "2", isPlanned: kind === "spawn" };
        const cluster = await clusterOn(localTarget, (clean) => cleaners.push(clean), options);
        rows.push(await killAt(cluster, point, way));
      } finally {
        for (const clean of cleaners) await clean();
      }
    });
  });
}
