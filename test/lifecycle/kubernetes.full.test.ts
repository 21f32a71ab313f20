import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { destroySuite } from "./suites/destroy.ts";
import { failedHibernationSuite } from "./suites/hibernation.ts";
import { scaleSuite } from "./suites/scale.ts";

describe("kubernetes", () => {
  const target = useSharedTarget("kubernetes");
  failedHibernationSuite(target);
  scaleSuite(target);
  destroySuite(target);
});
