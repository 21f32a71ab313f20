import type { AgentDecision, ReasonCode } from "../decide/decision.ts";
import type { AgentObservation } from "../observation.ts";

/** What is known of one agent that we scale. */
export interface AgentFacts {
  readonly agent: string;
  readonly observed: AgentObservation | undefined;
  /** What would be decided now; undefined: not known. */
  readonly decision: AgentDecision | undefined;
  /** Why the last write was not applied; undefined: it was, or there was none. */
  readonly refused: string | undefined;
}

/** What is known of a cluster and its autoscaler. */
export interface ScalingFacts {
  readonly cluster: string;
  /** State in the lifecycle. */
  readonly status: string;
  /** The process that scales it; undefined: none. */
  readonly scaler: string | undefined;
  /** Why the Redis of its queues does not answer; undefined: it does, or there is none. */
  readonly redis: string | undefined;
  /** Why its target does not answer; undefined: it does. */
  readonly target: string | undefined;
  readonly agents: readonly AgentFacts[];
}

/** What `swarmctl autoscale status` says of a cluster beside the reasons of its decisions, by stable names. */
export const conditionCodes = [
  "not-running",
  "not-active",
  "redis-unreachable",
  "target-unreachable",
  "workers-unhealthy",
  "write-refused",
  "under-threshold",
] as const;
export type ConditionCode = (typeof conditionCodes)[number] | ReasonCode;

export interface Condition {
  readonly code: ConditionCode;
  /** Undefined: the whole cluster. */
  readonly agent?: string;
  /** One sentence with the values. */
  readonly message: string;
  /** A command. */
  readonly hint?: string;
}

/** Reasons for the present count that need no attention. */
const quiet: readonly ReasonCode[] = ["demand", "steady", "tolerance", "at-min"];

/** Why jobs may time out or workers may not be scaled: the two troubleshooting lists of the original, and what we add. */
export function conditionsOf(facts: ScalingFacts): readonly Condition[] {
  const { cluster, status, scaler, redis, target, agents } = facts;
  const found: Condition[] = [];
  if (status !== "ACTIVE") {
    found.push({ code: "not-active", message: `${cluster} is ${status}: its counts do not change until it is ACTIVE` });
  } else if (scaler === undefined) {
    const message = `no autoscaler runs for ${cluster}: its counts do not follow the work`;
    found.push({ code: "not-running", message, hint: "swarmctl autoscaler" });
  }
  if (redis !== undefined) {
    found.push({ code: "redis-unreachable", message: `the Redis of ${cluster} does not answer: ${redis}` });
  }
  if (target !== undefined) {
    const message = `the target of ${cluster} does not answer: ${target}`;
    found.push({ code: "target-unreachable", message, hint: `swarmctl status ${cluster}` });
  }
  return [...found, ...agents.flatMap((one) => conditionsOfAgent(cluster, one))];
}

function conditionsOfAgent(cluster: string, { agent, observed, decision, refused }: AgentFacts): readonly Condition[] {
  const found: Condition[] = [];
  const { live, waiting } = observed ?? {};
  if (live !== undefined && live.failed > 0) {
    const message = `${live.failed} of ${live.desired} instances of ${agent} are unhealthy`;
    found.push({ code: "workers-unhealthy", agent, message, hint: `swarmctl agents ${cluster}` });
  }
  if (refused !== undefined) {
    found.push({ code: "write-refused", agent, message: `the last count of ${agent} was not applied: ${refused}` });
  }
  if (decision === undefined || decision.action !== "hold") return found;
  if (!quiet.includes(decision.code)) {
    found.push({
      code: decision.code,
      agent,
      message: `${agent} stays at ${decision.from ?? "?"}: ${decision.reason}`,
    });
  } else if (waiting?.kind === "value" && waiting.value > 0) {
    const message = `${waiting.value} tasks wait for ${agent}, which is not over its threshold: ${decision.reason}`;
    found.push({ code: "under-threshold", agent, message });
  }
  return found;
}
