import { describe } from "vitest";
import { agentOnly } from "../docker/support/our-images.ts";
import { useDocker } from "../support/docker.ts";
import { migrationSuite } from "./suites/migration.ts";

const docker = useDocker({}, agentOnly);

describe("there and back", () => migrationSuite(() => ({ docker }), { way: ["docker", "local"], workers: 3 }));
