import { localTarget } from "../../support/targets/local.ts";
import { killCasesNamed } from "./sample.ts";
import { killOnOneCluster } from "./suite.ts";

/** One promise of the README: what a killed runner has left is resumed. The matrix is in the full tier. */
killOnOneCluster("local", killCasesNamed("hibernate: runner during sleep, then resume"), localTarget);
