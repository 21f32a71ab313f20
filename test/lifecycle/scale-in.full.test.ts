import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { casesOfThisShard } from "../support/this-shard.ts";
import { scaleIn, scaleInCases } from "./scale-in-cases.ts";
import { scaleInSuite } from "./suites/scale-in.ts";

const cases = casesOfThisShard("lifecycle/scale-in.full.test.ts", scaleInCases);

for (const name of ["local", "docker", "kubernetes"] as const) {
  const seeds = cases.filter(({ target }) => target === name).map(({ seed }) => seed);
  if (seeds.length > 0) {
    describe(name, () => scaleInSuite(useSharedTarget(name), { workers: scaleIn[name].workers, seeds }));
  }
}
