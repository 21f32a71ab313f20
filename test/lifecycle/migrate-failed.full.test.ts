import { describe } from "vitest";
import { useDocker } from "../support/servers/docker.ts";
import { agentOnly } from "../support/servers/docker-images.ts";
import { failedMovesSuite } from "./suites/failed-moves.ts";

const docker = useDocker({}, agentOnly);

describe("failing migrations", () => failedMovesSuite(() => ({ docker })));
