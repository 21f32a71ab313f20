import type { Properties, SecretPath } from "./values.ts";

/** Context of every call on a resource. */
export interface CallContext {
  readonly urn: string;
  /** The type token at the end of the URN's type chain. */
  readonly type: string;
  /** Aborted when the engine cancels or exits. */
  readonly signal: AbortSignal;
  /** From `customTimeouts`; undefined if the program sets none. */
  readonly timeoutMs: number | undefined;
  readonly log: ResourceLog;
}

/** Messages in the resource's row: each `progress` replaces the one before (empty clears it); the others stay. */
export interface ResourceLog {
  progress(message: string, severity?: "info" | "warning"): void;
  info(message: string): void;
  warning(message: string): void;
}

export interface CheckRequest extends CallContext {
  /** Inputs as last checked; undefined for a new resource. */
  readonly olds: Properties | undefined;
  readonly news: Properties;
  /** Stable for this resource during one update. */
  readonly seed: Uint8Array;
  /** The engine's policy for automatic names; undefined leaves them to the provider. */
  readonly autonaming: Autonaming | undefined;
}

/** A name that the provider may use or must use, or the instruction to generate none. */
export type Autonaming = { readonly mode: "propose" | "enforce"; readonly name: string } | { readonly mode: "disable" };

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
  /** New inputs; fields in `ignoreChanges` have their recorded values. */
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
}

export type ChangeKind = "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

export interface DiffResult {
  /** Changed property paths; empty means no change. A kind ending in `-replace` replaces the resource. */
  readonly changes: Readonly<Record<string, ChangeKind>>;
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends CallContext {
  readonly inputs: Properties;
  /** In a preview: no side effects; values may be unknown. */
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
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
}

export interface DeleteRequest extends CallContext {
  readonly id: string;
  readonly olds: Properties;
  readonly oldInputs: Properties;
}

/** One resource type. Creates must be idempotent: the engine repeats them after a killed update. */
export interface Resource {
  /** The engine reads the resource before every update and preview, which detects drift without `--refresh`. */
  readonly refreshBeforeUpdate?: boolean;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<Created>;
  /** Undefined when the resource is gone. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  /** Resolves to the new outputs. */
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: DeleteRequest): Promise<void>;
  /**
   * Paths of secrets in a bag that is sent to the engine (inputs or outputs). Default: those of the call's inputs.
   *
   * @param given paths of the secrets in the call's inputs
   */
  secretPlaces?(bag: Properties, given: readonly SecretPath[]): readonly SecretPath[];
}

/** A provider plugin: its resources by type token. */
export interface Provider {
  readonly name: string;
  readonly version: string;
  /** Resources by type token; a function throws for an unsupported one. */
  readonly resources: Readonly<Record<string, Resource>> | ((type: string) => Resource);
  /** Whether the provider uses names that the engine proposes. */
  readonly autonaming?: boolean;
  /** Error message for calls, components and functions, which the provider does not have. */
  readonly unsupported?: string;
  /** Called once with the provider's configuration before any resource call. */
  configure?(config: Properties, identity: ProviderIdentity): Promise<void>;
  /** Diff of the provider's own configuration. Default: no change. */
  diffConfig?(olds: Properties, news: Properties): DiffResult;
}

export interface ProviderIdentity {
  /** The provider resource's id, random and kept in the state; unknown in the preview of a new one. */
  readonly id: string | undefined;
}

/**
 * The resource exists but is not ready: thrown by create, read and update. The engine records the resource with the
 * reasons, fails the update, and calls update again next time even without a change.
 */
export class InitializationFailed extends Error {
  override readonly name = "InitializationFailed";
  readonly id: string;
  readonly outputs: Properties;
  readonly reasons: readonly string[];
  /** Inputs to record; only from read. */
  readonly inputs: Properties | undefined;

  constructor(id: string, outputs: Properties, reasons: readonly string[], inputs?: Properties) {
    super(reasons.join("; "));
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
    this.inputs = inputs;
  }
}
