import { drainSuite } from "./suites/drain.ts";
import { localTarget } from "./support/local-target.ts";

drainSuite(localTarget());
