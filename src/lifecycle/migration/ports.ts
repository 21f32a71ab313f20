import type { ExportedDatabase } from "../../agent-api/control/move-wire.ts";
import type { Control } from "../../drivers/control/control.ts";
import type { AgentReplicas } from "../../plan/allocate.ts";
import type { StateRoots } from "../instances.ts";

/** Milliseconds since the epoch, by instance. */
export type Moments = Readonly<Record<string, number>>;

/**
 * The source of a migration. All calls are idempotent, because a resume does not know how far the previous run came; undo calls
 * work from any intermediate state.
 */
export interface SourcePort {
  /** Rejects changes by other programs from here on. @returns replicas by agent */
  open(): Promise<AgentReplicas>;
  close(): Promise<void>;
  /** Drains the instances: they finish or return their tasks and save their state. @returns the time at which each was drained */
  quiesce(): Promise<Moments>;
  /** Ends the drain. */
  resume(): Promise<void>;
  /** Closes the write fence: the exported data is final. */
  fence(): Promise<void>;
  /** Opens the write fence; waiting requests continue. */
  unfence(): Promise<void>;
  /** Exports registrations and memory, and the control API for checkpoints and tasks. */
  export(): Promise<{ readonly exported: ExportedDatabase; readonly control: Control }>;
  /** Returns the control API while the source works. */
  control(): Promise<Control>;
  /** Removes all resources; leaves a tombstone. */
  retire(): Promise<void>;
}

/** The destination of a migration; all calls are idempotent. */
export interface DestinationPort {
  /** Starts the destination behind a closed write fence. */
  prepare(counts: AgentReplicas): Promise<void>;
  /**
   * Copies states and tasks in advance, so that little remains for the final transfer.
   *
   * @returns the start of the remaining changes, by the source's clock
   */
  preload(from: Control): Promise<number>;
  /** Imports the final data. @returns the roots of the states by destination instance */
  import(from: {
    readonly exported: ExportedDatabase;
    readonly control: Control;
    readonly changedSince: number;
  }): Promise<StateRoots>;
  /** Reads back all states. @throws SwarmError SW713 when they differ from the export */
  verify(roots: StateRoots): Promise<void>;
  /** Starts work after the commit. @returns the pause of each instance */
  activate(quietSince: Moments): Promise<Pauses>;
  /** Allows changes by other programs again. */
  settle(): Promise<void>;
  /** Removes the destination. */
  discard(): Promise<void>;
}

/** Pause in milliseconds, by instance. */
export type Pauses = Readonly<Record<string, number>>;

interface PauseSummary {
  readonly instances: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly longestMs: number;
}

/** Summarises pauses by nearest-rank percentiles; undefined without pauses. */
export function summarizePauses(pauses: Pauses): PauseSummary | undefined {
  const sorted = Object.values(pauses).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  if (sorted.length === 0) return undefined;
  return { instances: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), longestMs: at(1) };
}
