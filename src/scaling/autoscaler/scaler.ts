import type { Written } from "../actuators/actuator.ts";
import { decide } from "../decide/decide.ts";
import type { AgentDecision } from "../decide/decision.ts";
import { type ScalingMemory, withoutChanges } from "../decide/memory.ts";
import type { ClusterObservation } from "../observation.ts";
import type { Cause } from "./bell.ts";
import { type CountChange, changesOf } from "./decision-entry.ts";
import type { ScaledCluster } from "./scaled-cluster.ts";

/** A change of a count, and what became of it; undefined: it was only advised. */
export interface Change {
  readonly decision: CountChange;
  readonly written: Written | undefined;
}

/** What one look at a cluster found and did. */
export interface TurnReport {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly trigger: Cause;
  readonly observation: ClusterObservation;
  readonly agents: Readonly<Record<string, AgentDecision>>;
  readonly changes: readonly Change[];
}

/** Looks at a cluster, and decides. */
export interface Scaler {
  turn(cluster: ScaledCluster, trigger: Cause, signal: AbortSignal): Promise<TurnReport>;
}

/** Decides, and writes nothing: neither counts nor records. It needs no lease. */
export function adviser(memory: ScalingMemory, now: () => number): Scaler {
  let present = memory;
  return {
    async turn(cluster, trigger, signal) {
      const observation = await cluster.observe(signal);
      const at = now();
      const { memory: next, agents } = decide(present, observation, await cluster.config(), at);
      const changes = changesOf(agents).map((decision) => ({ decision, written: undefined }));
      present = afterWrites(present, next, changes);
      return { at, trigger, observation, agents, changes };
    },
  };
}

/** The memory after a turn. */
export function afterWrites(before: ScalingMemory, after: ScalingMemory, changes: readonly Change[]): ScalingMemory {
  const open = changes.flatMap(({ decision: { agent }, written }) => (written?.ok ? [] : [agent]));
  return withoutChanges(before, after, open);
}
