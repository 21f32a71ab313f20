import { expect, test } from "vitest";
import type { AgentDecision, ReasonCode } from "../decide/decision.ts";
import type { Signal } from "../signal.ts";
import { type AgentFacts, conditionsOf, type ScalingFacts } from "./conditions.ts";

const value = (of: number): Signal => ({ kind: "value", value: of });

function decided(code: ReasonCode, reason: string): AgentDecision {
  const counts = { from: 2, to: 2, wanted: 2 };
  return { agent: "writer", ...counts, action: "hold", code, reason, proposals: [], clamps: [] };
}

const writer: AgentFacts = {
  agent: "writer",
  observed: {
    live: { desired: 2, starting: 0, idle: 2, busy: 0, failed: 0 },
    ...{ waiting: value(0), leased: value(0), signals: [value(0)] },
  },
  decision: decided("steady", "task_queue_length is 0: 2 are right"),
  refused: undefined,
};

const team: ScalingFacts = {
  ...{ cluster: "team", status: "ACTIVE", scaler: "here/1.1", redis: undefined, target: undefined },
  agents: [writer],
};

const withWriter = (facts: Partial<AgentFacts>): ScalingFacts => ({ ...team, agents: [{ ...writer, ...facts }] });

test("a cluster whose autoscaler runs and has nothing to do has no condition", () => {
  expect(conditionsOf(team)).toEqual([]);
});

const observed = writer.observed;
if (observed?.live === undefined) throw new Error("the writer is observed");

test.each<[line: string, facts: ScalingFacts, code: string, message: RegExp]>([
  ["the autoscaler does not run", { ...team, scaler: undefined }, "not-running", /no autoscaler runs for team/],
  ["Redis is not reachable", { ...team, redis: "ECONNREFUSED" }, "redis-unreachable", /does not answer: ECONNREFUSED/],
  ["the scaling backend does not work", { ...team, target: "no supervisor" }, "target-unreachable", /no supervisor/],
  [
    "workers are unhealthy",
    withWriter({ observed: { ...observed, live: { ...observed.live, failed: 1 } } }),
    ...(["workers-unhealthy", /1 of 2 instances of writer are unhealthy/] as const),
  ],
  [
    "the queue is not over its threshold",
    withWriter({ observed: { ...observed, waiting: value(3) } }),
    ...(["under-threshold", /3 tasks wait for writer, which is not over its threshold/] as const),
  ],
  [
    "the cool-down is not over",
    withWriter({ decision: decided("cooldown", "the cool-down of 60 s has 41 s left") }),
    ...(["cooldown", /writer stays at 2: the cool-down of 60 s has 41 s left/] as const),
  ],
  [
    "the maximum is reached",
    withWriter({ decision: decided("at-max", "writer has at most 2") }),
    ...(["at-max", /writer stays at 2: writer has at most 2/] as const),
  ],
  [
    "the backend refused a count",
    withWriter({ refused: "the supervisor does not answer" }),
    ...(["write-refused", /the last count of writer was not applied: the supervisor does not answer/] as const),
  ],
  [
    "a person set the count",
    withWriter({ decision: decided("pinned", "ana set 2 until it is lifted: 4 would be right") }),
    ...(["pinned", /ana set 2/] as const),
  ],
  ["it hibernates", { ...team, status: "HIBERNATED", scaler: undefined }, "not-active", /team is HIBERNATED/],
])("where %s, it says so", (_line, facts, code, message) => {
  expect(conditionsOf(facts)).toEqual([expect.objectContaining({ code, message: expect.stringMatching(message) })]);
});
