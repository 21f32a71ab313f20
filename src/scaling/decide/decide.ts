import type { ClusterObservation } from "../observation.ts";
import { lastClamp } from "./clamps.ts";
import { type AgentScaling, isInForce, type Pin, type ScalingConfig } from "./config.ts";
import { decideAgent, type OwnDecision } from "./decide-agent.ts";
import type { AgentDecision, Clamp, Decided } from "./decision.ts";
import { applyCeilings, awaitLeads, type Counted, capCluster, coupleTiers, keepLeast } from "./limits.ts";
import { type AgentMemory, learnPatience, noAgentMemory, type ScalingMemory, untilNow } from "./memory.ts";

/**
 * The control law: the count of each agent that we scale, from what is observed now and what is remembered. Pure: the same
 * arguments give the same decisions, so a recorded one can be replayed.
 *
 * - The largest count that a signal wants applies. Unknown or stale signals never lower it.
 * - Up at once, in one step. Down to the largest count wanted within the window, after the cool-down, and never below the
 *   instances that hold a task.
 * - Then the limits of the cluster: tiers, pools, quotas, budget, `max_workers` and `min_workers`.
 *
 * @param now milliseconds since the epoch
 */
export function decide(
  memory: ScalingMemory,
  observation: ClusterObservation,
  config: ScalingConfig,
  now: number,
): Decided {
  const past = untilNow(memory, now);
  const own = new Map<string, OwnDecision>();
  const counted: Counted[] = [];
  for (const scaling of config.agents) {
    const { agent, rules, max } = scaling;
    const observed = observation.agents[agent];
    const live = observed?.live;
    if (rules === undefined || observed === undefined || live === undefined) {
      const count = live?.desired ?? max;
      counted.push({ scaling, live: count, isUnknown: live === undefined, wanted: { count, clamps: [] } });
      continue;
    }
    const before = past.agents[agent] ?? noAgentMemory;
    const mine = decideAgent(scaling, rules, live, observed, before, { now, since: past.since });
    own.set(agent, mine);
    const pin = activePin(config.pause, scaling.pin, now);
    // A count of a person stays: the others must fit beside it.
    const isHeld = pin !== undefined;
    const wanted = isHeld ? { count: live.desired, clamps: [] } : mine.wanted;
    counted.push({ scaling, live: live.desired, isHeld, wanted });
  }
  const raised = capCluster(applyCeilings(coupleTiers(counted), config), config);
  const final = keepLeast(awaitLeads(raised), config);
  const agents: Record<string, AgentDecision> = {};
  const memories: Record<string, AgentMemory> = {};
  for (const { scaling, wanted } of final) {
    const mine = own.get(scaling.agent);
    if (scaling.rules === undefined) continue;
    const live = observation.agents[scaling.agent]?.live;
    if (mine === undefined || live === undefined) {
      agents[scaling.agent] = unobserved(scaling);
      memories[scaling.agent] = past.agents[scaling.agent] ?? noAgentMemory;
      continue;
    }
    const pin = activePin(config.pause, scaling.pin, now);
    const decision =
      pin === undefined
        ? decisionOf(scaling, live.desired, mine, wanted.count, lastClamp(wanted) ?? mine.cause, wanted.clamps)
        : pinned(scaling, live.desired, mine, pin, pin === config.pause);
    agents[scaling.agent] = decision;
    memories[scaling.agent] = remembered(mine.memory, decision, scaling.rules.windowMs, now);
  }
  return { memory: { since: past.since, agents: memories }, agents };
}

function activePin(pause: Pin | undefined, pin: Pin | undefined, now: number): Pin | undefined {
  return [pause, pin].find((one) => isInForce(one, now));
}

function decisionOf(
  { agent, isAdvised }: AgentScaling,
  from: number,
  { proposals }: OwnDecision,
  to: number,
  { code, reason }: Clamp,
  clamps: readonly Clamp[],
): AgentDecision {
  const action = to > from ? "up" : to < from ? "down" : "hold";
  if (isAdvised && action !== "hold") {
    const shown = { to: undefined, wanted: to, action: "hold", code: "advised" } as const;
    return { agent, from, ...shown, reason: `mode is advise: ${reason}`, proposals, clamps };
  }
  return { agent, from, to, wanted: to, action, code, reason, proposals, clamps };
}

function pinned(
  { agent }: AgentScaling,
  from: number,
  { proposals, wanted }: OwnDecision,
  pin: Pin,
  isPause: boolean,
): AgentDecision {
  const until = pin.until === undefined ? "until it is lifted" : `until ${new Date(pin.until).toISOString()}`;
  const code = isPause ? "paused" : "pinned";
  const reason = isPause
    ? `${pin.by} paused the autoscaler ${until}: ${from} stay, ${wanted.count} would be right`
    : `${pin.by} set ${from} ${until}: ${wanted.count} would be right`;
  return { agent, from, to: undefined, wanted: wanted.count, action: "hold", code, reason, proposals, clamps: [] };
}

function unobserved({ agent }: AgentScaling): AgentDecision {
  const reason = `how many instances of ${agent} run is not known`;
  const none = { from: undefined, to: undefined, wanted: undefined };
  return { agent, ...none, action: "hold", code: "unknown-instances", reason, proposals: [], clamps: [] };
}

function remembered(memory: AgentMemory, { action, to }: AgentDecision, windowMs: number, now: number): AgentMemory {
  if (action === "hold" || to === undefined) return memory;
  const raise = action === "up" ? { at: now, count: to } : undefined;
  return { ...learnPatience(memory, action, windowMs, now), changedAt: now, raise };
}
