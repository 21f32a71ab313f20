import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { lifeSuite } from "./suites/life.ts";

describe("docker", () => lifeSuite(useSharedTarget("docker")));
