import { localTarget } from "../../support/targets/local.ts";
import { killCasesNamed } from "./sample.ts";
import { killOnOneCluster } from "./suite.ts";

/** The operation of a killed runner can be resumed, and until then no other command changes the stack. The full tier runs the whole matrix. */
killOnOneCluster("local", killCasesNamed("hibernate: runner after drain, then resume"), localTarget);
