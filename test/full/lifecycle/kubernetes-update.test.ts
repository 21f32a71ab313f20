import { describe } from "vitest";
import { updateSuite } from "../../lifecycle/suites/update.ts";
import { kubernetesTarget } from "../../lifecycle/support/kubernetes-target.ts";
import { useControlPlane } from "../../support/control-plane.ts";
import { useProcessNode } from "../../support/process-node.ts";

const plane = useControlPlane();
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });

/** A file of its own: a set that cannot start is given up after ten minutes. */
describe("kubernetes", () => updateSuite(kubernetesTarget(plane)));
