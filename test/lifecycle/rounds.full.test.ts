import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { casesOfThisShard } from "../support/this-shard.ts";
import { roundsCases } from "./rounds-cases.ts";
import { roundsSuite } from "./suites/rounds.ts";

describe.each(casesOfThisShard("lifecycle/rounds.full.test.ts", roundsCases))("$id", ({ id, instances }) =>
  roundsSuite(useSharedTarget(id), { instances }));
