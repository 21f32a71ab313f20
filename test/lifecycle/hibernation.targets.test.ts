import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { hibernationSuite } from "./suites/hibernation.ts";

describe("docker", () => hibernationSuite(useSharedTarget("docker")));
describe("kubernetes", () => hibernationSuite(useSharedTarget("kubernetes")));
