import { expect, test } from "vitest";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import { mapInstances, translated } from "./instance-mapping.ts";

function planOn(kind: Plan["target"]["kind"], agents: readonly Partial<AgentPlan>[]): Plan {
  return { target: { kind }, agents } as unknown as Plan;
}

const boss = { key: "boss", resource: "team-boss", shape: "single", count: { min: 1, max: 1 } } as const;
const worker = { key: "worker", resource: "team-worker", shape: "ordered", count: { min: 1, max: 2 } } as const;
const helper = { key: "helper", resource: "team-helper", shape: "stateless", count: { min: 0, max: 2 } } as const;

const onThisMachine = planOn("local", [boss, worker, helper]);
const there = [boss, worker, helper].map((agent) => ({
  ...agent,
  resource: agent.resource.replace("team", "team-g2"),
}));

test("maps instances by agent and ordinal, up to the maximum replicas", () => {
  expect([...mapInstances(onThisMachine, planOn("kubernetes", there))]).toEqual([
    ["boss-0", "team-g2-boss--0-0"],
    ["worker-0", "team-g2-worker-0"],
    ["worker-1", "team-g2-worker-1"],
  ]);
});

test("omits pods with names of a controller, on either side", () => {
  expect([...mapInstances(onThisMachine, planOn("docker", there)).keys()]).toContain("helper-1");
  expect([...mapInstances(planOn("kubernetes", there), onThisMachine).values()]).not.toContain("helper-1");
});

test("omits instances without a mapping", () => {
  const mapping = new Map([["a-0", "b-0"]]);
  expect(translated({ "a-0": 1, "a-1": 2 }, mapping)).toEqual({ "b-0": 1 });
});
