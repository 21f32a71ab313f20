import { describe } from "vitest";
import { destroyAsleepSuite, destroySuite } from "../../lifecycle/suites/destroy.ts";
import { scaleSuite } from "../../lifecycle/suites/scale.ts";
import { updateSuite } from "../../lifecycle/suites/update.ts";
import { localTarget } from "../../lifecycle/support/local-target.ts";

describe("local", () => {
  scaleSuite(localTarget);
  destroySuite(localTarget);
  destroyAsleepSuite(localTarget);
  updateSuite(localTarget);
});
