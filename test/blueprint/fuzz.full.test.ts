import fc from "fast-check";
import { test } from "vitest";
import { parserProperty } from "../../src/blueprint/fixtures/fuzz.fixture.ts";

const seeds = [20_261_122, 7];

test.each(seeds)("10,000 texts of seed %i: no crash, bounded time, always a position", (seed) => {
  fc.assert(parserProperty, { numRuns: 10_000, seed });
});
