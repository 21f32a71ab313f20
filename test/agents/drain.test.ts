import { localTarget } from "../support/targets/local.ts";
import { drainSuite } from "./suites/drain.ts";

drainSuite(localTarget);
