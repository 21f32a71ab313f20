import { describe } from "vitest";
import { dockerHost } from "../../cluster/support/docker-target.ts";
import { agentOnly } from "../../docker/support/our-images.ts";
import { killSample } from "../../lifecycle/kill/sample.ts";
import { destroyAsleepSuite, destroySuite } from "../../lifecycle/suites/destroy.ts";
import { hibernationSuite } from "../../lifecycle/suites/hibernation.ts";
import { scaleSuite } from "../../lifecycle/suites/scale.ts";
import { updateSuite } from "../../lifecycle/suites/update.ts";
import { lifecycleOn } from "../../lifecycle/support/lifecycle-on.ts";
import { useDocker } from "../../support/docker.ts";

const target = lifecycleOn(dockerHost(useDocker({}, agentOnly)));

describe("docker", () => {
  hibernationSuite(target);
  scaleSuite(target);
  destroySuite(target);
  destroyAsleepSuite(target);
  updateSuite(target);
});
describe("docker, killed", () => killSample(target));
