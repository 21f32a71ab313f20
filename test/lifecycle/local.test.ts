import { describe } from "vitest";
import { operationsSuite } from "./suites/operations.ts";
import { localTarget } from "./support/local-target.ts";

describe("local", () => operationsSuite(localTarget));
