import { casesOfThisShard } from "../../support/this-shard.ts";
import { killCases } from "./cases.ts";
import { killSuite } from "./suite.ts";

killSuite(casesOfThisShard("lifecycle/kill/kill.full.test.ts", killCases));
