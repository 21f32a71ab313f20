import { expect, test } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { exactlyOnce } from "./exactly-once/suite.ts";

const target = useSharedTarget("kubernetes");

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
