import { describe } from "vitest";
import { useSharedDocker } from "../support/servers/docker.ts";
import { migrationSample } from "./kill/cases.ts";
import { migrationKills } from "./kill/moving.ts";
import { migrationSuite } from "./suites/migration.ts";

const docker = useSharedDocker();

describe("there and back", () => migrationSuite(() => ({ docker }), { way: ["docker", "local"], workers: 3 }));

migrationKills("killed on the way", () => ({ docker }), migrationSample);
