import { stateSuite } from "./suites/state.ts";
import { localTarget } from "./support/local-target.ts";

stateSuite(localTarget());
