import { describe } from "vitest";
import { localTarget } from "../support/targets/local.ts";
import { destroyAsleepSuite, destroySuite } from "./suites/destroy.ts";
import { failedHibernationSuite } from "./suites/hibernation.ts";
import { scaleSuite } from "./suites/scale.ts";
import { updateSuite } from "./suites/update.ts";

describe("local", () => {
  failedHibernationSuite(localTarget);
  scaleSuite(localTarget);
  destroySuite(localTarget);
  destroyAsleepSuite(localTarget);
  updateSuite(localTarget);
});
