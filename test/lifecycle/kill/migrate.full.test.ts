import { useSharedDocker } from "../../support/servers/docker.ts";
import { casesOfThisShard } from "../../support/this-shard.ts";
import { migrationCases } from "./cases.ts";
import { migrationKills } from "./moving.ts";

const docker = useSharedDocker();

migrationKills("migrate", () => ({ docker }), casesOfThisShard("lifecycle/kill/migrate.full.test.ts", migrationCases));
