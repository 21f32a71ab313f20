import { describe } from "vitest";
import { localTarget } from "../support/targets/local.ts";
import { sideBySideSuite } from "./suites/side-by-side.ts";

describe("side by side", () => sideBySideSuite(localTarget));
