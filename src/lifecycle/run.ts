import type { TargetKind } from "../blueprint/model.ts";
import type { Driver } from "../drivers/driver.ts";
import type { DesiredStatePatch } from "../plan/desired-state.ts";
import type { EngineRunResult } from "../stacks/engine-run.ts";
import type { ClusterRecord } from "../stacks/state.ts";
import type { Cluster } from "../store/clusters.ts";
import type { Json } from "../store/json.ts";
import type { Operation, OperationStatus } from "../store/operations.ts";

/** The text of a blueprint, and the file that it was read from. */
export interface BlueprintSource {
  readonly file: string;
  readonly text: string;
}

/** What an update is of, where it is not what the cluster runs on its active stack. */
export interface UpdateOn {
  readonly source?: BlueprintSource | undefined;
  readonly stack?: string | undefined;
  /** Where a new stack is to run. */
  readonly location?: { readonly target: TargetKind; readonly context: string | undefined } | undefined;
}

/** What the steps of an operation work with. */
export interface Run {
  readonly operation: Operation;
  /** As it was when the operation began, or was taken up again. */
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** Runs the engine with a change of the wish; the same change again changes nothing. */
  update(change: DesiredStatePatch, on?: UpdateOn): Promise<EngineRunResult>;
  /** Removes a stack, by default the active one; one that is gone is success. */
  destroy(stack?: string): Promise<EngineRunResult | undefined>;
  /** What the state of a stack, by default the active one, says now; undefined where there is no wish (any more). */
  record(stack?: string): Promise<ClusterRecord | undefined>;
  /** Reaches the instances of a stack, by default the active one; undefined where nothing of it can be reached. */
  driver(stack?: string): Promise<Driver | undefined>;
  /** Claims the name of a further stack for the cluster: the next that is nobody's. */
  claimStack(): Promise<string>;
  /** The stack is gone, and its name free. */
  releaseStack(stack: string): Promise<void>;
  /** The stacks of the cluster that are not active: what it left behind, or where it goes. */
  otherStacks(): Promise<readonly string[]>;
  /** Makes another stack the active one, by compare-and-swap. @throws SwarmError SW601 where neither of them is active now */
  activate(from: string, to: string): Promise<void>;
  /** What another step of this operation has recorded; null where it has recorded nothing. */
  detail(step: string): Json;
  /** The newest operations of this cluster, newest first. */
  history(status: OperationStatus): Promise<readonly Operation[]>;
  /** What a step of another operation has recorded. */
  detailOf(operation: string, step: string): Promise<Json>;
  /** Does what other operations ask for as well: they end as this one does. */
  claim(operations: readonly string[]): Promise<void>;
  /** Tells in which state the cluster is while this runs. */
  enter(request: string): Promise<void>;
  note(text: string): void;
  /** Tells how many instances of an agent are through with what a step does to them. */
  progress(part: string, doing: string, done: number, of: number): void;
}

/** A part of an operation that can be repeated: whoever resumes the operation does it again if it had not ended. */
export interface Step {
  readonly name: string;
  /** @returns what is recorded of it. */
  readonly run: (run: Run) => Promise<Json | undefined>;
  /** Takes it back, also when it had only begun. Without it there is nothing to take back. */
  readonly undo?: (run: Run) => Promise<void>;
  /** Once it has begun the operation can only go forward. */
  readonly final?: boolean;
  /** When it fails, all is taken back at once: the operation leaves nothing of itself. */
  readonly undoes?: boolean;
}
