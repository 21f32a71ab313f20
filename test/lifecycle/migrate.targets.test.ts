import { describe } from "vitest";
import { useSharedDocker } from "../support/servers/docker.ts";
import { migrationCases } from "./kill/cases.ts";
import { migrationKills } from "./kill/moving.ts";
import { migrationSuite } from "./suites/migration.ts";

const docker = useSharedDocker();

describe("there and back", () => migrationSuite(() => ({ docker }), { way: ["docker", "local"], workers: 3 }));

/** Each way once; all of them are in the full tier. */
const sample = ["migrate: runner after transfer, then rollback", "migrate: runner after commit, then resume"];

migrationKills(
  "killed on the way",
  () => ({ docker }),
  sample.map((id) => {
    const found = migrationCases.find((one) => one.id === id);
    if (found === undefined) throw new Error(`the matrix has no case "${id}"`);
    return found;
  }),
);
