import { describe } from "vitest";
import { agentOnly } from "../docker/support/our-images.ts";
import { useDocker } from "../support/docker.ts";
import { migrationKills } from "./kill/moving.ts";
import { migrationSuite } from "./suites/migration.ts";

const docker = useDocker({}, agentOnly);

describe("there and back", () => migrationSuite(() => ({ docker }), { way: ["docker", "local"], workers: 3 }));

/** Each way once; all of them are in test/full/lifecycle/migrate. */
migrationKills("killed on the way", () => ({ docker }), [
  { point: { kind: "migrate", step: "transfer", at: "after", victim: "runner" }, way: "rollback" },
  { point: { kind: "migrate", step: "commit", at: "after", victim: "runner" }, way: "resume" },
]);
