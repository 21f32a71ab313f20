import { describe } from "vitest";
import { useDocker } from "../support/servers/docker.ts";
import { agentOnly } from "../support/servers/docker-images.ts";
import { fullDestinationSuite } from "./suites/failed-moves.ts";

const docker = useDocker({ diskMegabytes: 400 }, agentOnly);

describe("a destination without disk space", () => fullDestinationSuite(() => ({ docker })));
