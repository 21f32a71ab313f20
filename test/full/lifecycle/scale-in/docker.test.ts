import { describe } from "vitest";
import { dockerHost } from "../../../cluster/support/docker-target.ts";
import { agentOnly } from "../../../docker/support/our-images.ts";
import { scaleInSuite } from "../../../lifecycle/suites/scale-in.ts";
import { lifecycleOn } from "../../../lifecycle/support/lifecycle-on.ts";
import { useDocker } from "../../../support/docker.ts";

const target = lifecycleOn(dockerHost(useDocker({}, agentOnly)));

describe("docker", () => scaleInSuite(target, { workers: 20, seeds: [1, 2] }));
