import type { Role, ScalingMetric } from "../../blueprint/model.ts";

/** One signal of an agent's rules. */
export interface RuleSignal {
  readonly metric: ScalingMetric;
  readonly scaleUpThreshold: number;
  readonly scaleDownThreshold: number;
}

/** The rules of one agent. Times are in milliseconds. */
export interface ScalingRules {
  /** At least one. */
  readonly signals: readonly RuleSignal[];
  /** Time after any change before the count may fall. */
  readonly cooldownMs: number;
  /** The count falls to the largest one wanted within this time. */
  readonly windowMs: number;
  /** A change of at most this share of the count is none. */
  readonly tolerance: number;
  /** Largest change of one decision; undefined: unlimited. */
  readonly maxStep: number | undefined;
  /** A wanted count of at least this multiple of the current one is a burst: the count does not fall within a window. */
  readonly panicFactor: number;
  /** Time without any known signal after which the fallback applies. */
  readonly failForMs: number;
  /** Count without any known signal; it never lowers. Undefined: the current count. */
  readonly fallback: number | undefined;
}

/** A count that a person has set: decisions are shown, not applied. */
export interface Pin {
  readonly by: string;
  /** Milliseconds since the epoch; undefined: until it is lifted. */
  readonly until: number | undefined;
}

/** Whether a person's order holds at a time, in milliseconds since the epoch. */
export function isInForce(pin: Pin | undefined, now: number): boolean {
  return pin !== undefined && (pin.until === undefined || pin.until > now);
}

export interface AgentScaling {
  readonly agent: string;
  readonly role: Role;
  /** Key of the agent that it reports to. */
  readonly reportsTo: string | undefined;
  readonly min: number;
  readonly max: number;
  /** Undefined: the count is fixed, or an autoscaler of Kubernetes writes it. */
  readonly rules: ScalingRules | undefined;
  readonly pin: Pin | undefined;
  /** Decisions are shown, not applied. */
  readonly isAdvised?: boolean;
}

/** An upper limit over several agents: a GPU pool, a quota, the budget. */
export interface Ceiling {
  readonly name: string;
  /** Undefined: the limit is not known, and nothing that counts against it is raised. */
  readonly limit: number | undefined;
  /** Units of one instance, by agent; agents without a unit do not count. */
  readonly units: Readonly<Record<string, number>>;
}

/** What `decide` has to know about a cluster: from its recorded blueprint and its desired state. */
export interface ScalingConfig {
  /** In file order. */
  readonly agents: readonly AgentScaling[];
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly ceilings: readonly Ceiling[];
  /** All decisions are shown, not applied. */
  readonly pause: Pin | undefined;
}
