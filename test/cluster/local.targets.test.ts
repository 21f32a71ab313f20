import { describe } from "vitest";
import { localTarget } from "../support/targets/local.ts";
import { partsSuite } from "./suites/parts.ts";

/** Queues need Redis. */
describe("parts", () => partsSuite(localTarget));
