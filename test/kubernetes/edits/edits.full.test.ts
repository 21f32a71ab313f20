import { describe } from "vitest";
import { casesOfThisShard } from "../../support/this-shard.ts";
import { editsCases } from "./groups.ts";
import { editsSuite } from "./suite.ts";

describe.each(casesOfThisShard("kubernetes/edits/edits.full.test.ts", editsCases))("$id", ({ names }) =>
  editsSuite(names));
