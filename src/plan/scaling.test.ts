import { describe, expect, test } from "vitest";
import type { Agent, Scaling } from "../blueprint/model.ts";
import type { RedisPlan } from "./plan.ts";
import { planScaling, type ScalingContext } from "./scaling.ts";

const redis: RedisPlan = { kind: "address", url: "redis://r", host: "r", port: 6379, tls: false };
const on: ScalingContext = { target: "kubernetes", cluster: undefined, shape: "stateless", redis };

function by(owner: Scaling["owner"], metric: Scaling["signals"][number]["metric"] = "task_queue_length"): Scaling {
  return {
    ...{ owner, cooldownMs: 5000 },
    signals: [{ metric, expression: undefined, scaleUpThreshold: 5, scaleDownThreshold: 1 }],
  };
}

function agent(scaling: Scaling | undefined, more: Partial<Agent> = {}): Agent {
  return { name: "W", count: { min: 1, max: 3 }, scaling, queue: { stream: "s", group: "g" }, ...more } as Agent;
}

describe("the writer of an agent's count", () => {
  test("none, where it is fixed", () => {
    expect(planScaling(agent(by("keda"), { count: { min: 2, max: 2 } }), on)).toEqual({ kind: "fixed" });
  });

  test("swarmstack, unless another owner is named", () => {
    expect(planScaling(agent(undefined), on)).toEqual({ kind: "swarmstack", scaling: undefined });
    const scaling = by("swarmstack");
    expect(planScaling(agent(scaling), { ...on, target: "local" })).toEqual({ kind: "swarmstack", scaling });
  });

  test("the cluster's owner, unless the agent has its own", () => {
    expect(planScaling(agent(undefined), { ...on, cluster: by("hpa") })).toMatchObject({ kind: "hpa" });
    expect(planScaling(agent(by("keda")), { ...on, cluster: by("hpa") })).toMatchObject({ kind: "keda" });
  });

  test.each(["kubernetes", "aws"] as const)("a controller on %s, with the signals and their triggers", (target) => {
    expect(planScaling(agent(by("keda")), { ...on, target })).toEqual({
      ...{ kind: "keda", cooldownMs: 5000 },
      signals: [
        {
          ...{ metric: "task_queue_length", expression: undefined, scaleUpThreshold: 5, scaleDownThreshold: 1 },
          trigger: "redis-streams",
        },
      ],
    });
  });

  test.each([
    { title: "an agent without a queue", of: agent(by("keda"), { queue: undefined }), trigger: "external-scaler" },
    { title: "one trigger for both", of: agent(by("hpa"), { queue: undefined }), trigger: "external-metric" },
    { title: "a query", of: agent(by("keda", "expression")), trigger: "prometheus" },
  ])("$title: $trigger", ({ of, trigger }) => {
    expect(planScaling(of, { ...on, redis: undefined })).toMatchObject({ signals: [{ trigger }] });
  });
});

test.each<{ title: string; of: Agent; context: Partial<ScalingContext>; words: string; hints: readonly string[] }>([
  {
    title: "no Kubernetes",
    of: agent(by("keda")),
    context: { target: "docker" },
    words: "keda needs Kubernetes",
    hints: [],
  },
  {
    title: "single instances",
    of: agent(by("hpa")),
    context: { shape: "single" },
    words: "hpa removes the last instance first, and scale_in is any",
    hints: ["write scale_in: last, or owner: swarmstack"],
  },
  {
    title: "a metric that the owner does not know",
    of: agent(by("hpa", "idle_agents")),
    context: {},
    words: "hpa cannot scale by idle_agents: an HPA takes the largest",
    hints: [],
  },
  {
    title: "a minimum that the owner does not keep",
    of: agent(by("hpa"), { count: { min: 0, max: 3 } }),
    context: {},
    words: "hpa keeps at least 1 running, and the minimum is 0",
    hints: [],
  },
  {
    title: "Redis without an address",
    of: agent(by("keda")),
    context: { redis: { kind: "env", variable: "REDIS_URL" } },
    words: "KEDA needs the address of Redis",
    hints: ["set cluster.target.redis"],
  },
  {
    title: "no Redis",
    of: agent(by("keda")),
    context: { redis: undefined },
    words: "KEDA needs the address of Redis",
    hints: ["set cluster.target.redis"],
  },
])("$title is refused", ({ of, context, words, hints }) => {
  const act = () => planScaling(of, { ...on, ...context });
  expect(act).toThrow(expect.objectContaining({ code: "SW608", hints }));
  expect(act).toThrow(`"W" cannot be scaled: ${words}`);
});

test("an ordered agent can be scaled by a controller, which removes the last", () => {
  expect(planScaling(agent(by("keda")), { ...on, shape: "ordered" })).toMatchObject({ kind: "keda" });
});
