import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { killSample } from "./kill/sample.ts";
import { killOnOneCluster } from "./kill/suite.ts";
import { destroyAsleepSuite, destroySuite } from "./suites/destroy.ts";
import { failedHibernationSuite } from "./suites/hibernation.ts";
import { scaleSuite } from "./suites/scale.ts";
import { updateSuite } from "./suites/update.ts";

describe("docker", () => {
  const target = useSharedTarget("docker");
  failedHibernationSuite(target);
  scaleSuite(target);
  destroySuite(target);
  destroyAsleepSuite(target);
  updateSuite(target);
  killOnOneCluster("killed", killSample, target);
});
