import { describe } from "vitest";
import { localTarget } from "../support/targets/local.ts";
import { hibernationSuite } from "./suites/hibernation.ts";

describe("local", () => hibernationSuite(localTarget));
