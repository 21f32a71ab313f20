import { describe } from "vitest";
import { useSharedControlPlane } from "../support/servers/control-plane.ts";
import { useSharedDocker } from "../support/servers/docker.ts";
import { migrationSuite } from "./suites/migration.ts";

const docker = useSharedDocker();
const plane = useSharedControlPlane();

describe("around", () =>
  migrationSuite(() => ({ docker, plane }), { way: ["docker", "kubernetes", "local"], workers: 20 }));
