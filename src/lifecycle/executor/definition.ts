import type { z } from "zod";
import type { BlueprintSource } from "../../blueprint/load.ts";
import type { TargetKind } from "../../blueprint/model.ts";
import type { Engine } from "../../stacks/engine/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Cluster, ClusterChanges, LifecycleState } from "../../store/clusters.ts";
import { type Json, toJson } from "../../store/json.ts";
import type { Store } from "../../store/store.ts";
import type { Step } from "../run.ts";

/** The state during a request, by the states in which it is allowed. */
export type During = Readonly<Partial<Record<LifecycleState, LifecycleState>>>;

/** A blueprint other than the recorded one, and the target it runs on. */
export interface Applied {
  readonly source?: BlueprintSource | undefined;
  readonly target?: TargetKind | undefined;
}

/** The home folder with its states, store and archives, and the engine. */
export interface Installation {
  readonly settings: Settings;
  readonly engine: Engine;
}

/** A request to be checked before anything is written. */
export interface Judged<Request> {
  readonly cluster: Cluster;
  readonly request: Request;
  readonly store: Store;
  readonly options: Installation;
}

/** Defines a kind of operation for the executor, the state table and the commands. */
export interface OperationDefinition<Input, Request> {
  /** Name in the journal. */
  readonly kind: string;
  /** Schema of the caller's input. */
  readonly input: z.ZodType<Input>;
  /** Schema of the request in the journal, which is all that a resume needs. */
  readonly request: z.ZodType<Request>;
  /** Derives the request from the input. */
  readonly prepare: (input: Input, options: Installation) => Promise<Request>;
  /** Requests by their names in the state table and its errors, each with the states that allow it. */
  readonly states: Readonly<Record<string, During>>;
  /** State of the cluster during a resume or rollback. */
  readonly during: LifecycleState;
  /** Positions in the journal equal positions in this list. */
  readonly steps: readonly Step[];
  /** Has several updates: only a superseding operation may start before it is resumed or rolled back. */
  readonly isLong: boolean;
  /** May start while a long operation is unfinished, and ends it. */
  readonly supersedes: boolean;
  /** Waiting operations of this kind on a cluster are coalesced into one update. */
  readonly coalesces: boolean;
  /** Creates the cluster if it does not exist. */
  readonly creates: boolean;
  /** State of the cluster after a failure. */
  readonly failed: LifecycleState;
  /** Kind of the operation on a cluster that has run before. */
  readonly onExisting: string | undefined;
  /** Selects the request by the state of the cluster. */
  readonly requestIn: (status: LifecycleState) => string;
  /** Checks a request before anything is written. @throws SwarmError that rejects it */
  readonly judge: ((judged: Judged<Request>) => Promise<void>) | undefined;
  /** Expiry of the created or renewed environment, in milliseconds since the epoch. */
  readonly environmentUntil: ((request: Request) => number | undefined) | undefined;
  /** The blueprint and the target that it applies; default: those of the cluster. */
  readonly applies: ((request: Request) => Applied) | undefined;
  /** Changes of the cluster's row after success. */
  readonly records: ((request: Request) => ClusterChanges) | undefined;
  /** Whether to delete the logs of all operations of the cluster. */
  readonly forgetsLogs: ((request: Request) => boolean) | undefined;
}

/** An operation with a request of any type, as the executor uses it. */
export interface AnyOperation
  extends Omit<
    OperationDefinition<unknown, unknown>,
    "input" | "request" | "prepare" | "judge" | "environmentUntil" | "applies" | "records" | "forgetsLogs"
  > {
  readonly input: z.ZodType;
  /** Parses an input and derives the request. @throws ZodError for an input of another shape */
  readonly requestOf: (input: unknown, options: Installation) => Promise<Json>;
  readonly judge: (judged: Judged<Json>) => Promise<void>;
  readonly environmentUntil: (request: Json) => number | undefined;
  readonly applies: (request: Json) => Applied;
  readonly records: (request: Json) => ClusterChanges;
  readonly forgetsLogs: (request: Json) => boolean;
}

type Optional =
  | "isLong"
  | "supersedes"
  | "coalesces"
  | "creates"
  | "failed"
  | "onExisting"
  | "requestIn"
  | "judge"
  | "environmentUntil"
  | "applies"
  | "records"
  | "forgetsLogs";

export interface DefinedOperation<Input> extends AnyOperation {
  readonly input: z.ZodType<Input>;
}

/** Defines an operation; the defaults are those of a short operation with one request, named after its kind. */
export function defineOperation<Input, Request extends object>(
  definition: Omit<OperationDefinition<Input, Request>, Optional> &
    Partial<Pick<OperationDefinition<Input, Request>, Optional>>,
): DefinedOperation<Input> {
  const { kind, input, request, prepare, judge, environmentUntil, applies, records, forgetsLogs, ...rest } = definition;
  /** Calls a hook with the recorded request; undefined without a hook, or for a request of another shape. */
  const ifReadable = <Result>(hook: ((read: Request) => Result) | undefined, recorded: Json): Result | undefined => {
    const read = request.safeParse(recorded).data;
    return read === undefined ? undefined : hook?.(read);
  };
  return {
    isLong: false,
    supersedes: false,
    coalesces: false,
    creates: false,
    failed: "FAILED",
    onExisting: undefined,
    requestIn: () => kind,
    ...rest,
    ...{ kind, input },
    requestOf: async (given, options) => toJson(await prepare(input.parse(given), options)),
    judge: async ({ request: recorded, ...judged }) => judge?.({ ...judged, request: request.parse(recorded) }),
    environmentUntil: (recorded) => ifReadable(environmentUntil, recorded),
    applies: (recorded) => ifReadable(applies, recorded) ?? {},
    records: (recorded) => records?.(request.parse(recorded)) ?? {},
    forgetsLogs: (recorded) => ifReadable(forgetsLogs, recorded) ?? false,
  };
}

/** @throws Error for a kind that this version does not know */
export function operationOf(kind: string, among: readonly AnyOperation[]): AnyOperation {
  const found = among.find((operation) => operation.kind === kind);
  if (found === undefined) throw new Error(`the journal has an operation of unknown kind ${kind}`);
  return found;
}
