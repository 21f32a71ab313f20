import { afterAll, describe } from "vitest";
import type { NoPlaces, Places } from "../support/places.ts";
import { describeAgents } from "./agents.ts";
import { describeClusters } from "./clusters.ts";
import { describeLeases } from "./leases.ts";
import { describeMetrics } from "./metrics.ts";
import { describeOpening } from "./opening.ts";
import { describeOperations } from "./operations.ts";
import { describeScaling } from "./scaling.ts";
import { describeSpawning } from "./spawning.ts";
import { describeStacks } from "./stacks.ts";

/** The behaviour of every store, whatever its database. */
export function storeSuite(places: Places | NoPlaces): void {
  if ("unavailable" in places) {
    describe.skip(`the store in ${places.kind}: ${places.unavailable}`, () => {});
    return;
  }
  describe(`the store in ${places.kind}`, () => {
    afterAll(() => places.stop());
    describeOpening(places);
    describeLeases(places);
    describeOperations(places);
    describeClusters(places);
    describeAgents(places);
    describeMetrics(places);
    describeStacks(places);
    describeScaling(places);
    describeSpawning(places);
  });
}
