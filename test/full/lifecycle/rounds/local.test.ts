import { describe } from "vitest";
import { roundsSuite } from "../../../lifecycle/suites/rounds.ts";
import { localTarget } from "../../../lifecycle/support/local-target.ts";

describe("local", () => roundsSuite(localTarget, { instances: 50 }));
