import type { Properties } from "./values.ts";

/** What every call on a resource knows. */
export interface CallContext {
  readonly urn: string;
  /** Aborted when the engine cancels, or is gone. */
  readonly signal: AbortSignal;
  /** From `customTimeouts`; undefined where the program sets none. */
  readonly timeoutMs: number | undefined;
  readonly log: ResourceLog;
}

/** Messages in the row of this resource: `progress` is replaced by the next one, the others stay. */
export interface ResourceLog {
  progress(message: string): void;
  info(message: string): void;
  warning(message: string): void;
}

export interface CheckRequest extends CallContext {
  /** Inputs as last checked; undefined for a new resource. */
  readonly olds: Properties | undefined;
  readonly news: Properties;
  /** Stable for this resource during one update. */
  readonly seed: Uint8Array;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends CallContext {
  readonly id: string;
  /** Recorded outputs. */
  readonly olds: Properties;
  readonly oldInputs: Properties;
  readonly news: Properties;
}

export type ChangeKind = "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

export interface DiffResult {
  /** Changed property paths; none means no change. A kind ending in `-replace` replaces the resource. */
  readonly changes: Readonly<Record<string, ChangeKind>>;
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends CallContext {
  readonly inputs: Properties;
  /** No side effects; unknown values are possible. */
  readonly preview: boolean;
}

export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

export interface ReadRequest extends CallContext {
  readonly id: string;
  /** Recorded outputs and inputs; empty for an import. */
  readonly olds: Properties;
  readonly oldInputs: Properties;
}

export interface ReadResult {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface UpdateRequest extends CallContext {
  readonly id: string;
  readonly olds: Properties;
  readonly oldInputs: Properties;
  readonly news: Properties;
  readonly preview: boolean;
}

export interface DeleteRequest extends CallContext {
  readonly id: string;
  readonly olds: Properties;
}

/** One resource type. Creates must be idempotent: after a killed update the engine runs them again. */
export interface Resource {
  /** The engine looks at the real thing before every update and preview, so that drift is seen without `--refresh`. */
  readonly refreshBeforeUpdate?: boolean;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<Created>;
  /** Undefined when the thing is gone. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  /** Resolves to the new outputs. */
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: DeleteRequest): Promise<void>;
}

/** A provider plugin: what the engine asks it for, by type token. */
export interface Provider {
  readonly name: string;
  readonly version: string;
  readonly resources: Readonly<Record<string, Resource>>;
  /** Called once with the provider's configuration before any resource call. */
  configure?(config: Properties): Promise<void>;
}

/**
 * The thing exists but did not come up: thrown by create, read and update. The engine records the resource with the
 * reasons, fails the update, and calls update again next time although nothing in the program changed.
 */
export class InitializationFailed extends Error {
  override readonly name = "InitializationFailed";
  readonly id: string;
  readonly outputs: Properties;
  readonly reasons: readonly string[];

  constructor(id: string, outputs: Properties, reasons: readonly string[]) {
    super(reasons.join("; "));
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
  }
}
