import type { Signal } from "../signal.ts";
import type { ScalingMemory } from "./memory.ts";

/** The reason that won, by a stable name. */
export const reasonCodes = [
  /** The signals want this count. */
  "demand",
  /** The signals want the current count. */
  "steady",
  /** The change is within the tolerance. */
  "tolerance",
  /** A larger count was wanted within the window. */
  "window",
  /** The last change was less than the cool-down ago. */
  "cooldown",
  /** A burst was less than a window ago. */
  "panic",
  /** The memory is younger than the window. */
  "restarted",
  /** The change is limited to `max_step`. */
  "max-step",
  /** Instances hold tasks. */
  "busy",
  /** At the upper end of the agent's range. */
  "at-max",
  /** At the lower end of the agent's range. */
  "at-min",
  /** At `max_workers` or `min_workers` of the cluster. */
  "cluster-size",
  /** A pool, a quota or the budget allows no more. */
  "ceiling",
  /** Agents that report to this one run, or are about to. */
  "tier",
  /** A signal is unknown or stale: the count does not fall. */
  "unknown-signal",
  /** No signal has been known for `fail_for`. */
  "fallback",
  /** The target did not say how many instances run. */
  "unknown-instances",
  /** A person set the count. */
  "pinned",
  /** A person paused the autoscaler. */
  "paused",
  /** The blueprint says `mode: advise`. */
  "advised",
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** The count that one signal wants. */
export interface Proposal {
  readonly signal: string;
  readonly value: Signal;
  /** Undefined: the signal is unknown, or has no opinion. */
  readonly wants: number | undefined;
  /** The count before it is rounded up, which the tolerance compares; absent: `wants`. */
  readonly exact?: number;
}

export interface AgentDecision {
  readonly agent: string;
  /** Undefined: not known. */
  readonly from: number | undefined;
  /** The count to write; undefined: none is written. */
  readonly to: number | undefined;
  /** What a pinned or paused agent would get; otherwise `to`. */
  readonly wanted: number | undefined;
  readonly action: "up" | "down" | "hold";
  readonly code: ReasonCode;
  /** One sentence with the values. */
  readonly reason: string;
  readonly proposals: readonly Proposal[];
  /** Each limit that changed the wanted count, in order. */
  readonly clamps: readonly Clamp[];
}

export interface Clamp {
  readonly code: ReasonCode;
  readonly reason: string;
}

export interface Decided {
  readonly memory: ScalingMemory;
  /** By agent; those that are scaled by us. */
  readonly agents: Readonly<Record<string, AgentDecision>>;
}
