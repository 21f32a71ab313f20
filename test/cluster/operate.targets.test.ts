import { describe } from "vitest";
import { localTarget } from "../support/targets/local.ts";
import { useSharedTarget } from "../support/targets/shared.ts";
import { operateSuite } from "./suites/operate.ts";

describe("local", () => operateSuite(localTarget));
describe("docker", () => operateSuite(useSharedTarget("docker")));
describe("kubernetes", () => operateSuite(useSharedTarget("kubernetes")));
