import { describe, expect, test } from "vitest";
import { exactlyOnce } from "../../agents/exactly-once/suite.ts";
import { drainSuite } from "../../agents/suites/drain.ts";
import { stateSuite } from "../../agents/suites/state.ts";
import { kubernetesTarget } from "../../agents/support/kubernetes-target.ts";
import { useControlPlane } from "../../support/control-plane.ts";
import { useProcessNode } from "../../support/process-node.ts";

// Not all of it has been seen green on two cores: `SWARM_TEST_PODS=1 npm run test:full -- test/full/agents/kubernetes`.
const asked = process.env.SWARM_TEST_PODS !== undefined;

describe.runIf(asked)("agents as pods (asked for by SWARM_TEST_PODS)", () => {
  const plane = useControlPlane();
  useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });
  const target = kubernetesTarget(plane);

  describe("drain, on pods", () => drainSuite(target));
  describe("state, on pods", () => stateSuite(target));

  const scales = [
    { instances: 8, tasks: 200, kills: 12, deadlineMs: 5 * 60_000 },
    { instances: 50, tasks: 5_000, kills: 150, deadlineMs: 18 * 60_000 },
  ];

  test.for(
    scales,
  )("$instances pods that are killed at random, $tasks tasks: each is answered exactly once", async (scale, {
    onTestFinished,
  }) => {
    const outcome = await exactlyOnce(await target.team(onTestFinished, { count: 0 }), scale);
    process.stderr.write(`kubernetes, ${scale.instances} pods: ${JSON.stringify(outcome)}\n`);
    expect(outcome.kills).toBe(scale.kills);
  });
});
