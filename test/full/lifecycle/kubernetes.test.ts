import { describe } from "vitest";
import { destroySuite } from "../../lifecycle/suites/destroy.ts";
import { hibernationSuite } from "../../lifecycle/suites/hibernation.ts";
import { scaleSuite } from "../../lifecycle/suites/scale.ts";
import { kubernetesTarget } from "../../lifecycle/support/kubernetes-target.ts";
import { useControlPlane } from "../../support/control-plane.ts";
import { useProcessNode } from "../../support/process-node.ts";

const plane = useControlPlane();
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });

describe("kubernetes", () => {
  const target = kubernetesTarget(plane);
  hibernationSuite(target);
  scaleSuite(target);
  destroySuite(target);
});
