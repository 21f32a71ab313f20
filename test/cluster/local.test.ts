import { describe } from "vitest";
import { localTarget } from "../support/targets/local.ts";
import { lifeSuite } from "./suites/life.ts";
import { workSuite } from "./suites/work.ts";

describe("life", () => lifeSuite(localTarget));
describe("work", () => workSuite(localTarget));
