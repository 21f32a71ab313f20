import type { Properties, SecretPath } from "./values.ts";

/** What every call on a resource knows. */
export interface CallContext {
  readonly urn: string;
  /** The type token at the end of the URN's type chain. */
  readonly type: string;
  /** Aborted when the engine cancels, or is gone. */
  readonly signal: AbortSignal;
  /** From `customTimeouts`; undefined where the program sets none. */
  readonly timeoutMs: number | undefined;
  readonly log: ResourceLog;
}

/** Messages in the row of this resource: `progress` is replaced by the next one (empty clears it), the others stay. */
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
  /** What the engine makes of automatic names; undefined leaves them to the provider. */
  readonly autonaming: Autonaming | undefined;
}

/** A name that the provider may use, or must use, or the order to make none. */
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
  /** The engine has put the recorded values back in the ignored places. */
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
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
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
}

export interface DeleteRequest extends CallContext {
  readonly id: string;
  readonly olds: Properties;
  readonly oldInputs: Properties;
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
  /**
   * Where a bag that goes to the engine, inputs or outputs, holds secrets; without it, where the inputs of the call do.
   *
   * @param given the places of the secrets in the inputs of the call
   */
  secretPlaces?(bag: Properties, given: readonly SecretPath[]): readonly SecretPath[];
}

/** A provider plugin: what the engine asks it for, by type token. */
export interface Provider {
  readonly name: string;
  readonly version: string;
  /** The resource of a type token; a function throws for what it does not have. */
  readonly resources: Readonly<Record<string, Resource>> | ((type: string) => Resource);
  /** The names that the engine proposes are used. */
  readonly autonaming?: boolean;
  /** What a call, a component or a function of this provider is answered with; it has none. */
  readonly unsupported?: string;
  /** Called once with the provider's configuration before any resource call. */
  configure?(config: Properties, identity: ProviderIdentity): Promise<void>;
  /** What a change of the provider's own configuration means; without it, nothing. */
  diffConfig?(olds: Properties, news: Properties): DiffResult;
}

export interface ProviderIdentity {
  /** The provider resource's id, random and kept in the state; unknown in the preview of a new one. */
  readonly id: string | undefined;
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
  /** Only from read: what the engine shall record as inputs. */
  readonly inputs: Properties | undefined;

  constructor(id: string, outputs: Properties, reasons: readonly string[], inputs?: Properties) {
    super(reasons.join("; "));
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
    this.inputs = inputs;
  }
}
