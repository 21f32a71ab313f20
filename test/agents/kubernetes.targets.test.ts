import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { drainSuite } from "./suites/drain.ts";
import { stateSuite } from "./suites/state.ts";

describe("kubernetes", () => {
  const target = useSharedTarget("kubernetes");
  describe("drain", () => drainSuite(target));
  describe("state", () => stateSuite(target));
});
