import { describe } from "vitest";
import { agentOnly } from "../../../docker/support/our-images.ts";
import { failedMovesSuite } from "../../../lifecycle/suites/failed-moves.ts";
import { useDocker } from "../../../support/docker.ts";

const docker = useDocker({}, agentOnly);

describe("moves that fail", () => failedMovesSuite(() => ({ docker })));
