import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterViolations } from "./cluster-invariants.ts";
import { clusterRuns, quietLook } from "./clusters.fixture.ts";
import { replay } from "./replay.ts";
import { runCluster } from "./run-cluster.ts";

const seed = 20_261_201;

test("no findings at a cluster make the control law break one of its rules (500 clusters; the full tier has 10,000)", () => {
  const property = fc.property(clusterRuns, (run) => {
    const looks = runCluster(run);
    expect(clusterViolations(looks)).toEqual([]);
    expect(replay(JSON.parse(JSON.stringify(looks)))).toEqual([]);
  });
  fc.assert(property, { numRuns: 500, seed });
});

test("counts of a cluster settle while what is measured stays the same", () => {
  const property = fc.property(clusterRuns, (run) => {
    const looks = [...run.looks, ...Array.from({ length: 60 }, () => quietLook(run))];
    const [last, ...others] = runCluster({ ...run, looks }).slice(-5);
    for (const { after } of others) expect(after).toEqual(last?.after);
  });
  fc.assert(property, { numRuns: 100, seed });
});
