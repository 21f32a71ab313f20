import { expect, test } from "vitest";
import { scalingMetrics, scalingOwners } from "./model.ts";
import { ownersFor, whoScales } from "./who-scales.ts";

test("every owner has an answer for every metric", () => {
  for (const owner of scalingOwners) {
    for (const metric of scalingMetrics) {
      const way = whoScales[owner][metric];
      if (way.can) expect(way.needs.length, `${owner} ${metric}`).toBeGreaterThan(0);
      else expect(way.reason).not.toBe("");
    }
  }
});

test("the service supports every metric, and an HPA never scales to zero", () => {
  expect(scalingMetrics.filter((metric) => !ownersFor(metric).includes("swarmstack"))).toEqual([]);
  const least = Object.values(whoScales.hpa).flatMap((way) => (way.can ? [way.least] : []));
  expect(new Set(least)).toEqual(new Set([1]));
});
