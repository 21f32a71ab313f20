import type { AgentObservation, LiveInstances } from "../observation.ts";
import { checked, type Signal } from "../signal.ts";
import type { RuleSignal, ScalingRules } from "./config.ts";
import type { Proposal } from "./decision.ts";

/** The counts that the signals of an agent want. */
export function propose(rules: ScalingRules, live: LiveInstances, observed: AgentObservation): readonly Proposal[] {
  return rules.signals.map((rule, index) => {
    const value = checked(observed.signals[index]);
    const waiting = numberOf(checked(observed.waiting));
    const number = numberOf(value);
    const wants = number === undefined ? undefined : wantsOf(rule, number, live, waiting);
    const isQueue = rule.metric === "task_queue_length" && number !== undefined;
    return { signal: rule.metric, value, wants, ...(isQueue && { exact: number / (1 + rule.scaleUpThreshold) }) };
  });
}

function wantsOf(
  { metric, scaleUpThreshold: up, scaleDownThreshold: down }: RuleSignal,
  value: number,
  live: LiveInstances,
  waiting: number | undefined,
): number | undefined {
  const { desired, busy } = live;
  switch (metric) {
    case "task_queue_length": {
      // Each instance works on one task and may have `up` more waiting for it; a queue that is not over `down` may lower.
      const wants = Math.ceil(value / (1 + up));
      const isQuiet = (waiting ?? value) <= down;
      return wants < desired && !isQuiet ? desired : wants;
    }
    case "load_percentage":
    case "expression":
      return proportional(value, up, down, desired, waiting);
    case "avg_response_time":
      return Math.min(2 * Math.max(1, desired), proportional(value, up, down, desired, waiting));
    case "idle_agents":
      // It only lowers: to the count at which the idle share is at the threshold.
      if (value <= down) return undefined;
      return Math.min(desired, Math.max(leastOf(waiting), Math.ceil(busy / (1 - Math.min(99, down) / 100))));
    default:
      return metric satisfies never;
  }
}

/**
 * The count at which each instance would have its share: over `up` more, under `down` fewer, between as many. What is measured at
 * instances says nothing without one: a waiting task starts the first, and the last stays unless no task is known to wait.
 */
function proportional(value: number, up: number, down: number, count: number, waiting: number | undefined): number {
  const least = leastOf(waiting);
  if (count === 0) return value > up ? 1 : least;
  if (value >= down && value <= up) return count;
  const share = up > 0 ? Math.ceil((count * value) / up) : count + 1;
  return value > up ? Math.max(count + 1, share) : Math.max(least, Math.min(count, share));
}

function leastOf(waiting: number | undefined): 0 | 1 {
  return waiting === 0 ? 0 : 1;
}

function numberOf(signal: Signal): number | undefined {
  return signal.kind === "unknown" ? undefined : signal.value;
}
