import { describe } from "vitest";
import { hibernationSuite } from "./suites/hibernation.ts";
import { localTarget } from "./support/local-target.ts";

describe("local", () => hibernationSuite(localTarget));
