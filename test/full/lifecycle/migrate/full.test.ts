import { describe } from "vitest";
import { agentOnly } from "../../../docker/support/our-images.ts";
import { fullDestinationSuite } from "../../../lifecycle/suites/failed-moves.ts";
import { useDocker } from "../../../support/docker.ts";

const docker = useDocker({ diskMegabytes: 400 }, agentOnly);

describe("a destination without room", () => fullDestinationSuite(() => ({ docker })));
