import { describe } from "vitest";
import { lifeSuite } from "./suites/life.ts";
import { partsSuite } from "./suites/parts.ts";
import { sideBySideSuite } from "./suites/side-by-side.ts";
import { workSuite } from "./suites/work.ts";
import { localMachine } from "./support/local-target.ts";

describe("life", () => lifeSuite(localMachine));
describe("work", () => workSuite(localMachine));
describe("parts", () => partsSuite(localMachine));
describe("side by side", () => sideBySideSuite(localMachine));
