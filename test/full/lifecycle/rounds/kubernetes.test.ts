import { describe } from "vitest";
import { roundsSuite } from "../../../lifecycle/suites/rounds.ts";
import { kubernetesTarget } from "../../../lifecycle/support/kubernetes-target.ts";
import { useControlPlane } from "../../../support/control-plane.ts";
import { useProcessNode } from "../../../support/process-node.ts";

const plane = useControlPlane();
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });

/** As many pods as two processors carry beside their control plane. */
describe("kubernetes", () => roundsSuite(kubernetesTarget(plane), { instances: 20 }));
