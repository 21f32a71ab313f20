import { describe } from "vitest";
import { dockerHost } from "../../../cluster/support/docker-target.ts";
import { agentOnly } from "../../../docker/support/our-images.ts";
import { roundsSuite } from "../../../lifecycle/suites/rounds.ts";
import { lifecycleOn } from "../../../lifecycle/support/lifecycle-on.ts";
import { useDocker } from "../../../support/docker.ts";

const target = lifecycleOn(dockerHost(useDocker({}, agentOnly)));

/** As many containers as two cores start and probe at once. */
describe("docker", () => roundsSuite(target, { instances: 12 }));
