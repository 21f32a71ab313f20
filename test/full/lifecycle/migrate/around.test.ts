import { describe } from "vitest";
import { agentOnly } from "../../../docker/support/our-images.ts";
import { migrationSuite } from "../../../lifecycle/suites/migration.ts";
import { useControlPlane } from "../../../support/control-plane.ts";
import { useDocker } from "../../../support/docker.ts";
import { useProcessNode } from "../../../support/process-node.ts";

const docker = useDocker({}, agentOnly);
const plane = useControlPlane();
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });

describe("around", () =>
  migrationSuite(() => ({ docker, plane }), { way: ["docker", "kubernetes", "local"], workers: 20 }));
