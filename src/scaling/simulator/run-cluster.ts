import type { AgentScaling, ScalingConfig } from "../decide/config.ts";
import { decide } from "../decide/decide.ts";
import type { AgentDecision } from "../decide/decision.ts";
import { newMemory, type ScalingMemory, withoutChanges } from "../decide/memory.ts";
import type { AgentObservation, ClusterObservation, LiveInstances } from "../observation.ts";
import type { Signal } from "../signal.ts";

/** What one look finds at one agent, as shares of its count, and what then becomes of the decision. */
export interface Finding {
  /** Shares of the count, from 0 to 1. */
  readonly busy: number;
  readonly starting: number;
  /** The target does not answer. */
  readonly isBlind: boolean;
  readonly waiting: Signal;
  /** Values of the rules' signals, as far as there are rules. */
  readonly signals: readonly Signal[];
  /** The write of a changed count is refused. */
  readonly isRefused: boolean;
}

export interface ClusterLook {
  /** Since the look before; negative: the clock was set back. */
  readonly afterMs: number;
  /** The autoscaler starts anew: with the windows and cool-downs of before, or without them. */
  readonly restart: "none" | "remembers" | "forgets";
  /** By agent. */
  readonly findings: Readonly<Record<string, Finding>>;
}

export interface ClusterRun {
  readonly config: ScalingConfig;
  /** Counts at the start, by agent. */
  readonly counts: Readonly<Record<string, number>>;
  readonly looks: readonly ClusterLook[];
}

/** One look with all that `decide` got, and what it said. */
export interface DecidedLook {
  readonly memory: ScalingMemory;
  readonly observation: ClusterObservation;
  readonly config: ScalingConfig;
  readonly now: number;
  readonly agents: Readonly<Record<string, AgentDecision>>;
  /** Counts before, by agent. */
  readonly before: Readonly<Record<string, number>>;
  /** Counts after, by agent: what was written. */
  readonly after: Readonly<Record<string, number>>;
}

const epoch = 1_700_000_000_000;

/** Runs the control law of a whole cluster over given findings; counts follow the decisions. */
export function runCluster({ config, counts, looks }: ClusterRun): readonly DecidedLook[] {
  const done: DecidedLook[] = [];
  let memory = newMemory(epoch);
  let now = epoch;
  let before = counts;
  for (const { afterMs, restart, findings } of looks) {
    now += afterMs;
    if (restart === "forgets") memory = newMemory(now);
    if (restart === "remembers") memory = { ...memory, since: now };
    const observed = config.agents.map((one) => [one.agent, observe(one, before, findings)] as const);
    const observation = { at: now, agents: Object.fromEntries(observed) };
    const decided = decide(memory, observation, config, now);
    const after = { ...before };
    const refused: string[] = [];
    for (const { agent, from, to } of Object.values(decided.agents)) {
      if (to === undefined || to === from) continue;
      if (findings[agent]?.isRefused) refused.push(agent);
      else after[agent] = to;
    }
    done.push({ memory, observation, config, now, agents: decided.agents, before, after });
    memory = withoutChanges(memory, decided.memory, refused);
    before = after;
  }
  return done;
}

function observe(
  { agent, rules }: AgentScaling,
  counts: Readonly<Record<string, number>>,
  findings: ClusterLook["findings"],
): AgentObservation {
  const finding = findings[agent];
  const desired = counts[agent] ?? 0;
  if (finding === undefined) throw new Error(`nothing was found at ${agent}`);
  const busy = Math.round(finding.busy * desired);
  const starting = Math.min(desired - busy, Math.round(finding.starting * desired));
  const live: LiveInstances = { desired, busy, starting, idle: desired - busy - starting, failed: 0 };
  return {
    live: finding.isBlind ? undefined : live,
    waiting: finding.waiting,
    leased: { kind: "value", value: busy },
    signals: (rules?.signals ?? []).map((_, index) => finding.signals[index] ?? { kind: "unknown", reason: "none" }),
  };
}
