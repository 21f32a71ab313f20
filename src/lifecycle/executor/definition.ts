import type { z } from "zod";
import type { Engine } from "../../stacks/engine/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Cluster, ClusterChanges, LifecycleState } from "../../store/clusters.ts";
import { type Json, toJson } from "../../store/json.ts";
import type { Store } from "../../store/store.ts";
import type { Step } from "../run.ts";

/** The state in which a request is carried out, by the states in which it is allowed. */
export type During = Readonly<Partial<Record<LifecycleState, LifecycleState>>>;

/** Where operations are requested: states, stores and archives of a home folder, and the engine. */
export interface Installation {
  readonly settings: Settings;
  readonly engine: Engine;
}

/** A request that is looked at before anything is written. */
export interface Judged<Request> {
  readonly cluster: Cluster;
  readonly request: Request;
  readonly store: Store;
  readonly options: Installation;
}

/** What one kind of operation is: the executor, the state table and the commands know no more of it. */
export interface OperationDefinition<Input, Request> {
  /** As the journal has it. */
  readonly kind: string;
  /** What a caller gives. */
  readonly input: z.ZodType<Input>;
  /** What the journal keeps of it, so that a resume needs nothing else. */
  readonly request: z.ZodType<Request>;
  /** Makes one of the other. */
  readonly prepare: (input: Input, options: Installation) => Promise<Request>;
  /** Requests as the state table and its refusals name them, each with the states that allow it. */
  readonly states: Readonly<Record<string, During>>;
  /** The state of the cluster while it is resumed or rolled back. */
  readonly during: LifecycleState;
  /** The position in the journal is the position here. */
  readonly steps: readonly Step[];
  /** Of several updates: nothing but what supersedes it begins before it is resumed or rolled back. */
  readonly isLong: boolean;
  /** Begins also where a long operation is open, which it then ends. */
  readonly supersedes: boolean;
  /** Those that wait for the same cluster share one update. */
  readonly coalesces: boolean;
  /** Makes the cluster where there is none of its name. */
  readonly creates: boolean;
  /** The state of a cluster on which it has failed. */
  readonly failed: LifecycleState;
  /** The kind that it is on a cluster that has been up. */
  readonly onExisting: string | undefined;
  /** Which of its requests it is, by the state in which it comes. */
  readonly requestIn: (status: LifecycleState) => string;
  /** @throws what refuses it, before anything is written */
  readonly judge: ((judged: Judged<Request>) => Promise<void>) | undefined;
  /** The end, in milliseconds since the epoch, of the environment that it makes or renews. */
  readonly environmentUntil: ((request: Request) => number | undefined) | undefined;
  /** What is recorded of the cluster when it has succeeded. */
  readonly records: ((request: Request) => ClusterChanges) | undefined;
  /** Whether the logs of all operations of the cluster go with it. */
  readonly forgetsLogs: ((request: Request) => boolean) | undefined;
}

/** An operation as the executor handles it, whatever its request is. */
export interface AnyOperation
  extends Omit<
    OperationDefinition<unknown, unknown>,
    "input" | "request" | "prepare" | "judge" | "environmentUntil" | "records" | "forgetsLogs"
  > {
  readonly input: z.ZodType;
  /** Reads an input and makes the request of it. @throws ZodError for an input of another shape */
  readonly requestOf: (input: unknown, options: Installation) => Promise<Json>;
  readonly judge: (judged: Judged<Json>) => Promise<void>;
  readonly environmentUntil: (request: Json) => number | undefined;
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
  | "records"
  | "forgetsLogs";

export interface DefinedOperation<Input> extends AnyOperation {
  readonly input: z.ZodType<Input>;
}

/** An operation from its definition; what is left out is that of a short operation with one request of its kind's name. */
export function defineOperation<Input, Request extends object>(
  definition: Omit<OperationDefinition<Input, Request>, Optional> &
    Partial<Pick<OperationDefinition<Input, Request>, Optional>>,
): DefinedOperation<Input> {
  const { kind, input, request, prepare, judge, environmentUntil, records, forgetsLogs, ...rest } = definition;
  const parsed = (recorded: Json) => request.safeParse(recorded).data;
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
    environmentUntil: (recorded) => {
      const read = parsed(recorded);
      return read === undefined ? undefined : environmentUntil?.(read);
    },
    records: (recorded) => records?.(request.parse(recorded)) ?? {},
    forgetsLogs: (recorded) => {
      const read = parsed(recorded);
      return read !== undefined && (forgetsLogs?.(read) ?? false);
    },
  };
}

/** @throws Error for a kind that this version does not know */
export function operationOf(kind: string, among: readonly AnyOperation[]): AnyOperation {
  const found = among.find((operation) => operation.kind === kind);
  if (found === undefined) throw new Error(`the journal has an operation ${kind}, which this version does not know`);
  return found;
}
