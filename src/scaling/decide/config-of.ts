import type { Scaling } from "../../blueprint/model.ts";
import { priceOfGpu, shippedPrices } from "../../catalog/price-book.ts";
import type { Pins } from "../../plan/pins.ts";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import type { AgentScaling, Ceiling, Pin, ScalingConfig, ScalingRules } from "./config.ts";

/** Billing month: 365 days of 24 hours, divided by twelve. */
const hoursPerMonth = 730;

/** The rules of an agent, with the defaults of our autoscaler. */
function rulesOf(scaling: Scaling): ScalingRules {
  return {
    signals: scaling.signals,
    cooldownMs: scaling.cooldownMs,
    windowMs: scaling.windowMs ?? 300_000,
    tolerance: scaling.tolerance ?? 0.1,
    maxStep: scaling.maxStep,
    panicFactor: scaling.panic ?? 2,
    failForMs: scaling.failForMs ?? 180_000,
    fallback: scaling.fallback,
  };
}

/** What `decide` has to know of a cluster: its compiled blueprint, the counts that people set, and whether they paused it. */
export function configOf(plan: Plan, pins: Pins, pause?: Pin): ScalingConfig {
  const { minWorkers, maxWorkers } = plan.bounds;
  return {
    agents: plan.agents.map((agent) => agentOf(agent, pins[agent.key])),
    minWorkers,
    maxWorkers,
    ceilings: [...poolCeilings(plan), ...budgetCeilings(plan)],
    pause,
  };
}

function agentOf({ key, role, parent, count, scaling }: AgentPlan, pin: Pins[string] | undefined): AgentScaling {
  const rules = scaling.kind === "swarmstack" && scaling.scaling !== undefined ? scaling.scaling : undefined;
  return {
    ...{ agent: key, role, reportsTo: parent, min: count.min, max: count.max },
    rules: rules && rulesOf(rules),
    pin: pin && { by: pin.by, until: pin.until },
    isAdvised: rules?.mode === "advise",
  };
}

/** Each GPU pool has its GPUs, or slices, at its maximum. */
function poolCeilings({ agents, gpuPools }: Plan): readonly Ceiling[] {
  return gpuPools.map(({ name, capacity }) => ({
    name: `pool ${name}`,
    limit: capacity,
    units: unitsOf(agents, ({ resources: { gpu } }) => (gpu?.pool === name ? gpu.count : undefined)),
  }));
}

/** The budget limits what has a price: GPUs. A GPU without a known price closes it. */
function budgetCeilings({ agents, gpuPools, budget }: Plan): readonly Ceiling[] {
  const { maxHourlyUsd, maxMonthlyUsd } = budget;
  const hourly = [maxHourlyUsd, maxMonthlyUsd === undefined ? undefined : maxMonthlyUsd / hoursPerMonth];
  const limit = Math.min(...hourly.filter((usd) => usd !== undefined));
  if (!Number.isFinite(limit)) return [];
  const prices = new Map(gpuPools.map(({ name, gpu }) => [name, priceOfGpu(shippedPrices, gpu)]));
  const isPriced = [...prices.values()].every(({ kind }) => kind === "priced");
  const units = unitsOf(agents, ({ resources: { gpu } }) => {
    if (gpu === undefined) return undefined;
    const price = prices.get(gpu.pool);
    return price?.kind === "priced" ? price.usdPerHour * gpu.count : 1;
  });
  if (Object.keys(units).length === 0) return [];
  return [{ name: "the budget in USD an hour", limit: isPriced ? limit : undefined, units }];
}

function unitsOf(
  agents: readonly AgentPlan[],
  unit: (agent: AgentPlan) => number | undefined,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    agents.flatMap((agent) => {
      const each = unit(agent);
      return each === undefined ? [] : [[agent.key, each] as const];
    }),
  );
}
