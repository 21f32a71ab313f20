import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { partsSuite } from "./suites/parts.ts";
import { sideBySideSuite } from "./suites/side-by-side.ts";
import { workSuite } from "./suites/work.ts";

describe("docker", () => {
  const target = useSharedTarget("docker");
  describe("work", () => workSuite(target));
  describe("parts", () => partsSuite(target));
  describe("side by side", () => sideBySideSuite(target));
});
