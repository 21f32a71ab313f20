import { localTarget } from "../../support/targets/local.ts";
import { killCasesNamed } from "./sample.ts";
import { killOnOneCluster } from "./suite.ts";

/** The operation of a killed runner can be resumed. The full tier runs the whole matrix. */
killOnOneCluster("local", killCasesNamed("hibernate: runner during sleep, then resume"), localTarget);
