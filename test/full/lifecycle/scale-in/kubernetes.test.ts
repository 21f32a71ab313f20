import { describe } from "vitest";
import { scaleInSuite } from "../../../lifecycle/suites/scale-in.ts";
import { kubernetesTarget } from "../../../lifecycle/support/kubernetes-target.ts";
import { useControlPlane } from "../../../support/control-plane.ts";
import { useProcessNode } from "../../../support/process-node.ts";

const plane = useControlPlane();
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });

describe("kubernetes", () => scaleInSuite(kubernetesTarget(plane), { workers: 12, seeds: [1, 2] }));
