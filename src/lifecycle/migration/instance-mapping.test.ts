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

test("an instance goes on as the one of its agent and ordinal, also those that are not needed now", () => {
  expect([...mapInstances(onThisMachine, planOn("kubernetes", there))]).toEqual([
    ["boss-0", "team-g2-boss--0-0"],
    ["worker-0", "team-g2-worker-0"],
    ["worker-1", "team-g2-worker-1"],
  ]);
});

test("pods that a controller names have no counterpart, and no state; elsewhere each has", () => {
  expect([...mapInstances(onThisMachine, planOn("docker", there)).keys()]).toContain("helper-1");
  expect([...mapInstances(planOn("kubernetes", there), onThisMachine).values()]).not.toContain("helper-1");
});

test("what has no counterpart is left out", () => {
  const mapping = new Map([["a-0", "b-0"]]);
  expect(translated({ "a-0": 1, "a-1": 2 }, mapping)).toEqual({ "b-0": 1 });
});
