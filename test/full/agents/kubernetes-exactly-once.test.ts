import { expect, test } from "vitest";
import { exactlyOnce } from "../../agents/exactly-once/suite.ts";
import { kubernetesTarget } from "../../agents/support/kubernetes-target.ts";
import { useControlPlane } from "../../support/control-plane.ts";
import { useProcessNode } from "../../support/process-node.ts";

const plane = useControlPlane();
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });
const target = kubernetesTarget(plane);

const scales = [
  { instances: 8, tasks: 200, kills: 12, deadlineMs: 5 * 60_000 },
  { instances: 50, tasks: 5_000, kills: 150, deadlineMs: 14 * 60_000 },
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
