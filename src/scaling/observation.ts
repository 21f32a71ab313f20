import type { Signal } from "./signal.ts";

/** What is known about a cluster, from one snapshot. */
export interface ClusterObservation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** By agent key. */
  readonly agents: Readonly<Record<string, AgentObservation>>;
}

/** Instances of an agent by state. */
export interface LiveInstances {
  /** The count that the target has been told. */
  readonly desired: number;
  readonly starting: number;
  readonly idle: number;
  /** Instances that hold a task. */
  readonly busy: number;
  readonly failed: number;
}

export interface AgentObservation {
  /** Undefined: the target did not answer. */
  readonly live: LiveInstances | undefined;
  /** Waiting tasks that the agent's instances may take: its share, where several agents may. */
  readonly waiting: Signal;
  /** Tasks that its instances hold. */
  readonly leased: Signal;
  /** One for each signal of the agent's rules, in their order; `task_queue_length` is waiting + leased. */
  readonly signals: readonly Signal[];
}
