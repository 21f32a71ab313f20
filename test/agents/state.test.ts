import { localTarget } from "../support/targets/local.ts";
import { stateSuite } from "./suites/state.ts";

stateSuite(localTarget);
