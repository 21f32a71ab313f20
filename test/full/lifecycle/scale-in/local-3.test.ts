import { describe } from "vitest";
import { scaleInSuite } from "../../../lifecycle/suites/scale-in.ts";
import { localTarget } from "../../../lifecycle/support/local-target.ts";

describe("local", () => scaleInSuite(localTarget, { workers: 50, seeds: [11, 12, 13, 14, 15] }));
