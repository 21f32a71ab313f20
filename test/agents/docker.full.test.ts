import { describe, expect, test } from "vitest";
import { useSharedTarget } from "../support/targets/shared.ts";
import { exactlyOnce } from "./exactly-once/suite.ts";
import { drainSuite } from "./suites/drain.ts";
import { stateSuite } from "./suites/state.ts";

const target = useSharedTarget("docker");

describe("drain, in containers", () => drainSuite(target));
describe("state, in containers", () => stateSuite(target));

const scales = [
  { instances: 8, tasks: 200, kills: 12, deadlineMs: 5 * 60_000 },
  { instances: 30, tasks: 2_000, kills: 60, deadlineMs: 18 * 60_000 },
];

test.for(
  scales,
)("$instances containers that are killed at random, $tasks tasks: each is answered exactly once", async (scale, {
  onTestFinished,
}) => {
  const outcome = await exactlyOnce(await target.team(onTestFinished, { count: 0 }), scale);
  process.stderr.write(`docker, ${scale.instances} containers: ${JSON.stringify(outcome)}\n`);
  expect(outcome.kills).toBe(scale.kills);
});
