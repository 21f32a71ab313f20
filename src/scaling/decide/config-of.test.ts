import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseBlueprint } from "../../blueprint/parse.ts";
import { compile } from "../../plan/compile.ts";
import { configOf } from "./config-of.ts";
import { decide } from "./decide.ts";
import { newMemory } from "./memory.ts";

function planOf(text: string) {
  const { blueprint, diagnostics } = parseBlueprint(text, { file: "team.yaml" });
  if (blueprint === undefined) throw new Error(JSON.stringify(diagnostics));
  return compile(blueprint, { cluster: "team" });
}

const team = `
metadata: { id: team, name: Team, version: 1.0.0 }
cluster: { type: standard, target: local, min_workers: 2, max_workers: 9, scaling: { scale_up_threshold: 3 } }
agents:
  - { role: supervisor, name: Boss, capabilities: [lead] }
  - { role: worker, name: Writer, count: 0-5, reports_to: supervisor, capabilities: [write], scaling: { window: 30 seconds, max_step: 2, fallback: 1, mode: advise } }
  - { role: worker, name: Reader, count: 1-4, reports_to: supervisor, capabilities: [read] }
`;

test("rules come from the agent, then from the cluster, then from the defaults; a fixed count has none", () => {
  const config = configOf(planOf(team), { reader: { by: "ada" } });
  expect(config).toMatchObject({ minWorkers: 2, maxWorkers: 9, ceilings: [], pause: undefined });
  const [boss, writer, reader] = config.agents;
  expect(boss).toMatchObject({ agent: "boss", min: 1, max: 1, rules: undefined });
  expect(writer).toMatchObject({ reportsTo: "boss", isAdvised: true, pin: undefined });
  expect(writer?.rules).toEqual({
    ...{ signals: [{ metric: "task_queue_length", scaleUpThreshold: 3, scaleDownThreshold: 0 }] },
    ...{ cooldownMs: 60_000, windowMs: 30_000, tolerance: 0.1, maxStep: 2, panicFactor: 2, failForMs: 180_000 },
    fallback: 1,
  });
  expect(reader).toMatchObject({
    isAdvised: false,
    pin: { by: "ada" },
    rules: { windowMs: 300_000, maxStep: undefined },
  });
});

const gpus = (budget: string, gpu = "nvidia-h100") => `
metadata: { id: team, name: Team, version: 1.0.0 }
cluster: { type: standard, target: kubernetes, scaling: { scale_up_threshold: 3 }${budget} }
gpu_pools: [{ name: big, gpu: ${gpu}, gpus_per_node: 8, nodes: 0-2 }]
agents:
  - { role: supervisor, name: Boss, capabilities: [lead] }
  - { role: worker, name: Trainer, count: 0-8, reports_to: supervisor, capabilities: [train], resources: { gpu: 2, gpu_pool: big } }
`;

test("a GPU pool is a ceiling, and so is the budget, which an unpriced GPU closes", () => {
  expect(configOf(planOf(gpus("")), {}).ceilings).toEqual([{ name: "pool big", limit: 16, units: { trainer: 2 } }]);
  const [, budget] = configOf(planOf(gpus(", budget: { max_hourly_usd: 40 }")), {}).ceilings;
  expect(budget).toMatchObject({ name: "the budget in USD an hour", limit: undefined });
  expect(budget?.units.trainer).toBeGreaterThan(0);
});

test("30 tasks grow the team of the quick start in one step, from nothing", () => {
  const plan = planOf(readFileSync(new URL("../../../blueprints/marketing.yaml", import.meta.url), "utf8"));
  const config = configOf(plan, {});
  const none = { desired: 0, starting: 0, idle: 0, busy: 0, failed: 0 };
  const seen = (waiting: number) => {
    const value = { kind: "value", value: waiting } as const;
    return { live: none, waiting: value, leased: { kind: "value", value: 0 } as const, signals: [value] };
  };
  const agents = Object.fromEntries(
    plan.agents.map(({ key }) => [key, seen(key === "content-creator" ? 30 : key === "social-media-editor" ? 1 : 0)]),
  );
  const now = 1_700_000_000_000;
  const decided = decide(newMemory(now), { at: now, agents }, config, now).agents;
  expect(Object.fromEntries(Object.entries(decided).map(([agent, { to }]) => [agent, to]))).toEqual({
    "campaign-lead": 1,
    "seo-specialist": 0,
    "analytics-specialist": 0,
    "content-creator": 5,
    "social-media-editor": 1,
  });
  expect(decided["social-media-editor"]?.reason).toBe("1 task waits and no instance runs: the first one starts");
});
