import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { updateSuite } from "./suites/update.ts";

/** A file of its own: a set that cannot start is given up after ten minutes. */
describe("kubernetes", () => updateSuite(useSharedTarget("kubernetes")));
