import { describe } from "vitest";
import { killSample } from "./kill/sample.ts";
import { localTarget } from "./support/local-target.ts";

describe("local", () => killSample(localTarget));
