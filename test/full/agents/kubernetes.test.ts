import { describe } from "vitest";
import { drainSuite } from "../../agents/suites/drain.ts";
import { stateSuite } from "../../agents/suites/state.ts";
import { kubernetesTarget } from "../../agents/support/kubernetes-target.ts";
import { useControlPlane } from "../../support/control-plane.ts";
import { useProcessNode } from "../../support/process-node.ts";

const plane = useControlPlane();
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });
const target = kubernetesTarget(plane);

describe("drain, on pods", () => drainSuite(target));
describe("state, on pods", () => stateSuite(target));
