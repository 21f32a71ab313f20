import { describe } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { updateSuite } from "./suites/update.ts";

/** A separate file: a StatefulSet that cannot start times out after ten minutes. */
describe("kubernetes", () => updateSuite(useSharedTarget("kubernetes")));
