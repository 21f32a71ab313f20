import { describe } from "vitest";
import { lifeSuite } from "../../cluster/suites/life.ts";
import { partsSuite } from "../../cluster/suites/parts.ts";
import { sideBySideSuite } from "../../cluster/suites/side-by-side.ts";
import { workSuite } from "../../cluster/suites/work.ts";
import { dockerHost } from "../../cluster/support/docker-target.ts";
import { agentOnly } from "../../docker/support/our-images.ts";
import { useDocker } from "../../support/docker.ts";

const target = dockerHost(useDocker({}, agentOnly));

describe("life, in containers", () => lifeSuite(target));
describe("work, in containers", () => workSuite(target));
describe("parts, in containers", () => partsSuite(target));
describe("side by side, in containers", () => sideBySideSuite(target));
