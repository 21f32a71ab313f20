import { localTarget } from "../../support/targets/local.ts";
import { killCasesNamed } from "./sample.ts";
import { killOnOneCluster } from "./suite.ts";

/** Promises of the README: what a killed runner has left is resumed, and until then nobody changes it by hand. The full tier has the matrix. */
killOnOneCluster("local", killCasesNamed("hibernate: runner after drain, then resume"), localTarget);
