import { type AgentScaling, isInForce } from "../decide/config.ts";
import { type AgentDecision, reasonCodes } from "../decide/decision.ts";
import type { DecidedLook } from "./run-cluster.ts";

/** Rules of the control law for a whole cluster that a run breaks; empty: all hold. */
export function clusterViolations(looks: readonly DecidedLook[]): readonly string[] {
  const changedAt = new Map<string, number>();
  return looks.flatMap((look) => {
    // A clock that was set back starts the cool-down anew, and makes it no longer.
    for (const [agent, at] of changedAt) changedAt.set(agent, Math.min(at, look.now));
    const broken = [...look.config.agents.flatMap((one) => ofAgent(one, look, changedAt)), ...ofCluster(look)];
    for (const [agent, count] of Object.entries(look.after)) {
      if (count !== look.before[agent]) changedAt.set(agent, look.now);
    }
    return broken;
  });
}

function ofAgent(scaling: AgentScaling, look: DecidedLook, changedAt: ReadonlyMap<string, number>): readonly string[] {
  const { agent, min, max, rules, pin } = scaling;
  const decision = look.agents[agent];
  if (rules === undefined) return decision === undefined ? [] : [`${agent}: decided without rules`];
  if (decision === undefined) return [`${agent}: not decided`];
  const { from = 0, to = from } = decision;
  const seen = look.observation.agents[agent];
  const isLower = to < from;
  const lastly = changedAt.get(agent);
  const isHeld = [look.config.pause, pin].some((one) => isInForce(one, look.now));
  const step = Math.abs(to - from);
  return [
    ...sentence(decision),
    ...broken(to > Math.max(max, from) || to < Math.min(min, from), `${agent}: ${to} is not within ${min}-${max}`),
    ...broken(isLower && seen?.live === undefined, `${agent}: lowered unseen`),
    ...broken(isLower && (seen?.signals ?? []).some((one) => !isKnown(one)), `${agent}: lowered on unknown`),
    ...broken(isLower && to < (seen?.live?.busy ?? 0), `${agent}: a busy instance goes`),
    ...broken(
      isLower && lastly !== undefined && look.now - lastly < rules.cooldownMs,
      `${agent}: lowered in the cool-down`,
    ),
    ...broken(
      isLower && Math.max(0, look.now - look.memory.since) < rules.windowMs,
      `${agent}: lowered after a restart`,
    ),
    ...broken(step > (rules.maxStep ?? step), `${agent}: a step of ${step}`),
    ...broken(isHeld && decision.to !== undefined, `${agent}: written against a person`),
  ];
}

function isKnown(signal: { readonly kind: string; readonly value?: number }): boolean {
  return signal.kind === "value" && Number.isFinite(signal.value) && (signal.value ?? -1) >= 0;
}

function sentence({ agent, code, reason, clamps, to }: AgentDecision): readonly string[] {
  const texts = [reason, ...clamps.map((clamp) => clamp.reason)];
  return [
    ...broken(!reasonCodes.includes(code), `${agent}: code ${code}`),
    ...broken(
      texts.some((text) => text === "" || /undefined|\[object/.test(text)),
      `${agent}: reason ${reason}`,
    ),
    ...broken(to !== undefined && !(Number.isInteger(to) && to >= 0), `${agent}: ${to} is no count`),
  ];
}

function ofCluster(look: DecidedLook): readonly string[] {
  const { config, observation, agents, before } = look;
  const { minWorkers, maxWorkers, ceilings } = config;
  const counts = config.agents.map((scaling) => {
    const live = observation.agents[scaling.agent]?.live?.desired;
    const to = live === undefined ? undefined : (agents[scaling.agent]?.to ?? live);
    const isHeld = [config.pause, scaling.pin].some((one) => isInForce(one, look.now));
    return { scaling, live, to, isHeld };
  });
  const raised = counts.filter(({ live = 0, to = 0 }) => to > live);
  const lowered = counts.filter(({ live = 0, to = 0 }) => to < live);
  const least = counts.reduce((sum, { to, scaling }) => sum + (to ?? scaling.min), 0);
  const most = counts.reduce((sum, { to, scaling }) => sum + (to ?? scaling.max), 0);
  const byKey = new Map(counts.map((one) => [one.scaling.agent, one]));
  return [
    ...broken(raised.length > 0 && most > maxWorkers, `${most} are over max_workers ${maxWorkers}`),
    ...broken(lowered.length > 0 && least < minWorkers, `${least} are under min_workers ${minWorkers}`),
    ...ceilings.flatMap(({ name, limit, units }) => {
      const growing = raised.filter(({ scaling: { agent } }) => (units[agent] ?? 0) > 0);
      const used = counts.reduce((sum, { to, live, scaling: { agent, max } }) => {
        return sum + (units[agent] ?? 0) * Math.max(to ?? max, live ?? max);
      }, 0);
      return broken(growing.length > 0 && !(used <= (limit ?? 0) + 1e-6), `${used} are over ${name} ${limit}`);
    }),
    ...counts.flatMap(({ scaling: { agent, reportsTo }, live = 0, to = 0 }) => {
      const lead = byKey.get(reportsTo ?? "");
      if (lead?.to === undefined || lead.isHeld || lead.scaling.rules === undefined || lead.scaling.max === 0)
        return [];
      const isLeft = (before[agent] ?? 0) > 0 && lead.to === 0 && (lead.live ?? 0) > 0;
      const isAlone = live === 0 && to > 0 && lead.to === 0;
      return broken(isLeft || isAlone, `${agent} has ${to} without its lead`);
    }),
  ];
}

function broken(isBroken: boolean, rule: string): readonly string[] {
  return isBroken ? [rule] : [];
}
