import { agentOnly } from "../../../docker/support/our-images.ts";
import { migrationKillSuite } from "../../../lifecycle/kill/moving.ts";
import { useDocker } from "../../../support/docker.ts";

const docker = useDocker({}, agentOnly);

migrationKillSuite(() => ({ docker }), { part: 2, of: 8 });
