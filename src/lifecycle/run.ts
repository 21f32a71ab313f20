import type { BlueprintSource } from "../blueprint/load.ts";
import type { TargetKind } from "../blueprint/model.ts";
import type { Driver } from "../drivers/driver.ts";
import type { DesiredStatePatch } from "../plan/desired-state.ts";
import type { EngineRunResult } from "../stacks/engine-run.ts";
import type { ClusterRecord } from "../stacks/state.ts";
import type { Cluster } from "../store/clusters.ts";
import type { Json } from "../store/json.ts";
import type { Operation, OperationStatus } from "../store/operations.ts";

/** The subject of an update; default: the cluster's blueprint on its active stack. */
export interface UpdateOn {
  readonly source?: BlueprintSource | undefined;
  readonly stack?: string | undefined;
  /** Location of a new stack. */
  readonly location?: { readonly target: TargetKind; readonly context: string | undefined } | undefined;
}

/** The environment of an operation's steps. */
export interface Run {
  readonly operation: Operation;
  /** The cluster at the start, or resume, of the operation. */
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** Runs the engine with a patch of the desired state; idempotent. */
  update(change: DesiredStatePatch, on?: UpdateOn): Promise<EngineRunResult>;
  /** Destroys a stack, by default the active one; succeeds if it does not exist. */
  destroy(stack?: string): Promise<EngineRunResult | undefined>;
  /** Reads the record of a stack, by default the active one; undefined without a desired state. */
  record(stack?: string): Promise<ClusterRecord | undefined>;
  /** Opens the driver of a stack, by default the active one; undefined when it is not reachable. */
  driver(stack?: string): Promise<Driver | undefined>;
  /** Claims the next free stack name for the cluster. */
  claimStack(): Promise<string>;
  /** Releases the name of a destroyed stack. */
  releaseStack(stack: string): Promise<void>;
  /** Lists the inactive stacks of the cluster: the source or the destination of a migration. */
  otherStacks(): Promise<readonly string[]>;
  /** Makes another stack the active one by compare-and-swap. @throws SwarmError SW601 when a third stack is active */
  activate(from: string, to: string): Promise<void>;
  /** Returns the recorded detail of another step; null without one. */
  detail(step: string): Json;
  /** Lists recent operations of this cluster, newest first. */
  history(status: OperationStatus): Promise<readonly Operation[]>;
  /** Returns the recorded detail of a step of another operation. */
  detailOf(operation: string, step: string): Promise<Json>;
  /** Coalesces other operations into this one; they end with its status. */
  claim(operations: readonly string[]): Promise<void>;
  /** Sets the state of the cluster for the rest of the operation. */
  enter(request: string): Promise<void>;
  note(text: string): void;
  /** Reports how many instances of an agent a step has completed. */
  progress(part: string, doing: string, done: number, of: number): void;
}

/** An idempotent part of an operation: a resume repeats it unless it had ended. */
export interface Step {
  readonly name: string;
  /** @returns the detail to record */
  readonly run: (run: Run) => Promise<Json | undefined>;
  /** Rolls the step back, even if it had only started; without it there is nothing to roll back. */
  readonly undo?: (run: Run) => Promise<void>;
  /** After its start the operation cannot be rolled back. */
  readonly final?: boolean;
  /** A failure rolls the whole operation back at once. */
  readonly undoes?: boolean;
}
