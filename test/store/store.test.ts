import { afterAll, describe } from "vitest";
import { describeAgents } from "./records/agents.ts";
import { describeClusters } from "./records/clusters.ts";
import { describeLeases } from "./records/leases.ts";
import { describeMetrics } from "./records/metrics.ts";
import { describeOpening } from "./records/opening.ts";
import { describeOperations } from "./records/operations.ts";
import { describeStacks } from "./records/stacks.ts";
import { startPlaces } from "./support/places.ts";

const kinds = await startPlaces();

afterAll(async () => {
  for (const places of kinds) if ("stop" in places) await places.stop();
});

for (const places of kinds) {
  if ("unavailable" in places) {
    describe.skip(`the store in ${places.kind}: ${places.unavailable}`, () => {});
    continue;
  }
  describe(`the store in ${places.kind}`, () => {
    describeOpening(places);
    describeLeases(places);
    describeOperations(places);
    describeClusters(places);
    describeAgents(places);
    describeMetrics(places);
    describeStacks(places);
  });
}
