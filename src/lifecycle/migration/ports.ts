import type { ExportedDatabase } from "../../agent-api/control/move-wire.ts";
import type { Control } from "../../drivers/control/control.ts";
import type { AgentReplicas } from "../../plan/allocate.ts";

/** By instance: milliseconds since the epoch. */
export type Moments = Readonly<Record<string, number>>;

/** By instance: the root hash of its state. */
export type StateRoots = Readonly<Record<string, string>>;

/**
 * The side that a cluster leaves. Each call can be repeated: whoever resumes a migration does not know how far the last one came.
 * Those that undo do so from wherever it stands.
 */
export interface SourcePort {
  /** Nobody else changes it from here on. @returns how many instances there are, by agent */
  open(): Promise<AgentReplicas>;
  close(): Promise<void>;
  /** Instances take no more, finish or hand back, save what they know, and stay. @returns since when each is quiet */
  quiesce(): Promise<Moments>;
  /** Calls it off. */
  resume(): Promise<void>;
  /** Nothing may change any more, by whomever: from here on what is exported is what there is. */
  fence(): Promise<void>;
  /** Calls it off: whoever waited goes on. */
  unfence(): Promise<void>;
  /** Lives, memory, and the way to checkpoints and tasks. */
  export(): Promise<{ readonly exported: ExportedDatabase; readonly control: Control }>;
  /** The way to checkpoints, while it works. */
  control(): Promise<Control>;
  /** It is elsewhere: nothing is left here but the word of it. */
  retire(): Promise<void>;
}

/** The side that a cluster goes to. As for `SourcePort`, each call can be repeated. */
export interface DestinationPort {
  /** Starts all that is to run there, in front of a gate that is shut. */
  prepare(counts: AgentReplicas): Promise<void>;
  /**
   * States and tasks that are there before the last ones come, so that those are few.
   *
   * @returns since when the rest has changed, by the source's clock
   */
  preload(from: Control): Promise<number>;
  /** @returns the roots of the states, by the instance that has each there */
  import(from: {
    readonly exported: ExportedDatabase;
    readonly control: Control;
    readonly changedSince: number;
  }): Promise<StateRoots>;
  /** Reads all of it back. @throws SwarmError SW713 where it is not what was exported */
  verify(roots: StateRoots): Promise<void>;
  /** Lets them work: after the commit. @returns how long each did not */
  activate(quietSince: Moments): Promise<Pauses>;
  /** Nobody else is kept from changing it any more. */
  settle(): Promise<void>;
  /** Takes away all that is there. */
  discard(): Promise<void>;
}

/** How long each instance did not work, in milliseconds. */
export type Pauses = Readonly<Record<string, number>>;

interface PauseSummary {
  readonly instances: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly longestMs: number;
}

/** Nearest-rank percentiles; undefined where nobody had to pause. */
export function summarizePauses(pauses: Pauses): PauseSummary | undefined {
  const sorted = Object.values(pauses).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  if (sorted.length === 0) return undefined;
  return { instances: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), longestMs: at(1) };
}
