import { hostname, userInfo } from "node:os";
import { fromSerialized, type SerializedError, SwarmError, toSwarmError } from "../../errors.ts";
import { refuseEmbedded } from "../../stacks/embedded.ts";
import { prepareOperation } from "../../stacks/prepare-operation.ts";
import { thisSession } from "../../stacks/session.ts";
import { readCluster } from "../../stacks/state.ts";
import type { Cluster, ClusterChanges } from "../../store/clusters.ts";
import { type Json, toJson } from "../../store/json.ts";
import type { Operation as Entry, OperationStatus } from "../../store/operations.ts";
import type { Store } from "../../store/store.ts";
import type { LifecycleEvent } from "../event.ts";
import type { LifecycleOptions } from "../options.ts";
import {
  changesOf,
  enterCluster,
  findCluster,
  findOperation,
  statusOf,
  writeCluster,
} from "../records/cluster-repository.ts";
import { refuseStackName } from "../records/cluster-stacks.ts";
import { forgetLog, writeLog } from "../records/log.ts";
import { withRecords } from "../records/with-records.ts";
import type { Step } from "../run.ts";
import { stateTable, transition } from "../states.ts";
import { acquireLease, endLeftovers } from "./acquire-lease.ts";
import { watchCancel } from "./cancel.ts";
import { type AnyOperation, type DefinedOperation, operationOf } from "./definition.ts";
import { expectedOf } from "./progress/expected.ts";
import { partsOf } from "./progress/parts.ts";
import { isRefusal, refuseOrdinary } from "./refusals.ts";
import type { ActiveLease } from "./renew-lease.ts";
import { doSteps, StepFailed, undoSteps } from "./steps.ts";
import { startWork, type Work } from "./work.ts";

/** The cluster of a request, and conditions on it. */
export interface ClusterRequest {
  readonly cluster: string;
  /** How long to wait for another operation; 0 fails at once. */
  readonly waitMs: number;
  /** The version that the caller saw; a cluster that has changed since is rejected. */
  readonly seen?: Pick<Cluster, "id" | "version">;
  /** An additional check before anything is written. @throws SwarmError that rejects the request */
  readonly judge?: (cluster: Cluster) => Promise<void>;
}

/** The result of an operation. */
export interface Performed {
  readonly operation: string;
  readonly kind: string;
  readonly cluster: string;
  readonly status: Cluster["status"];
  readonly changes: Readonly<Partial<Record<string, number>>>;
  readonly durationMs: number;
}

/**
 * Performs a request as an operation of the journal: recorded before its first effect, and one at a time per cluster.
 *
 * @throws SwarmError SW601 when another operation is running, SW605 when there is no such cluster, SW620 when its state does not
 *   allow the request, SW621 when an operation must be resumed or rolled back first, SW623 when the operation was rolled back,
 *   SW628 for an embedded cluster, and the error of a failed step
 */
export async function perform<Input>(
  options: LifecycleOptions,
  definition: DefinedOperation<Input>,
  asked: ClusterRequest,
  input: Input,
): Promise<Performed> {
  const begun = performance.now();
  refuseEmbedded(asked.cluster);
  await prepareOperation(options.settings);
  const request = await definition.requestOf(input, options);
  return withRecords(options.settings, async (store) => {
    const cluster = await rowOf(store, options, definition, asked.cluster, request);
    await asked.judge?.(cluster);
    await definition.judge({ cluster, request, store, options });
    const operation = await store.operations.open({
      ...{ clusterId: cluster.id, wishAfter: request, generation: cluster.generation + 1 },
      kind: kindOn(cluster, definition),
      actor: `${options.by?.actor ?? userInfo().username}@${hostname()}`,
      ...(options.by && { reason: options.by.reason }),
    });
    const { logged, told } = telling(options, operation, cluster);
    try {
      const isDone = async () => (await store.operations.show(operation.id))?.endedAt != null;
      const activeLease = await acquireLease(store, {
        ...{ cluster, operation: operation.id, waitMs: asked.waitMs, signal: options.signal, onWait: told },
        ...(definition.coalesces && { isDone }),
      });
      if (activeLease === undefined) return await doneByOther(store, cluster, operation.id, begun);
      return await withLease(
        { options: logged, store, activeLease, waitMs: asked.waitMs, begun },
        operation.id,
        (context, leased) => begin(context, leased, { definition, seen: asked.seen }),
      );
    } catch (error) {
      if (error instanceof SwarmError && isRefusal(error)) await store.operations.cancel(operation.id, "refused");
      throw error;
    } finally {
      await store.operations.cancel(operation.id);
    }
  });
}

/**
 * Resumes an operation that failed or was interrupted at its first unfinished step.
 *
 * @throws SwarmError SW622 for an unknown id, SW620 when the operation has ended, and as `perform`
 */
export function resumeOperation(options: LifecycleOptions, id: string, waitMs: number): Promise<Performed> {
  return resumeOrRollBack(options, id, waitMs, false);
}

/**
 * Rolls back an operation that failed or was interrupted: undoes its started steps, last step first.
 *
 * @throws SwarmError as `resumeOperation`, and SW620 when it cannot be rolled back
 */
export function rollbackOperation(options: LifecycleOptions, id: string, waitMs: number): Promise<Performed> {
  return resumeOrRollBack(options, id, waitMs, true);
}

interface OperationContext {
  readonly options: LifecycleOptions;
  readonly store: Store;
  readonly activeLease: ActiveLease;
  readonly waitMs: number;
  readonly begun: number;
}

/** Operation and cluster row, read under the lease. */
interface LeasedOperation {
  readonly operation: Entry;
  readonly cluster: Cluster;
  /** Whether to roll back. */
  readonly back?: boolean;
  /** It ran before, and so may have changed something. */
  readonly isResumed?: boolean;
}

async function resumeOrRollBack(
  options: LifecycleOptions,
  id: string,
  waitMs: number,
  isRollback: boolean,
): Promise<Performed> {
  const begun = performance.now();
  await prepareOperation(options.settings);
  return withRecords(options.settings, async (store) => {
    const { operation, cluster } = await findOperation(store, id);
    refuseEnded(operation);
    const { logged, told } = telling(options, operation, cluster);
    const activeLease = await acquireLease(store, {
      cluster,
      operation: id,
      waitMs,
      signal: options.signal,
      onWait: told,
    });
    if (activeLease === undefined) throw new Error("the wait for a resume ended without a lease");
    return await withLease({ options: logged, store, activeLease, waitMs, begun }, id, async (context, leased) => {
      refuseEnded(leased.operation);
      await endLeftovers([leased.operation]);
      const definition = definitionOf(context, leased.operation);
      if (!definition.isLong) await settleAbandoned(context, leased);
      await store.operations.reopen(id, activeLease.lease, await thisSession());
      const changes = { status: definition.during, ...(!isRollback && renewed(context, leased)) };
      await writeCluster(store, activeLease.lease, cluster.id, changes);
      return { ...leased, back: isRollback, isResumed: true };
    });
  });
}

/** Writes the environment's expiry that an interrupted operation did not record; a later expiry is kept. */
function renewed(context: OperationContext, { operation, cluster }: LeasedOperation): ClusterChanges {
  const environmentUntil = definitionOf(context, operation).environmentUntil(operation.wishAfter);
  if (environmentUntil === undefined || environmentUntil <= (cluster.environmentUntil ?? 0)) return {};
  return { environmentUntil };
}

function definitionOf({ options }: Pick<OperationContext, "options">, { kind }: Entry): AnyOperation {
  return operationOf(kind, options.operations);
}

type Prepare = (context: OperationContext, leased: LeasedOperation) => Promise<LeasedOperation>;

async function withLease(context: OperationContext, id: string, prepare: Prepare): Promise<Performed> {
  const { store, activeLease } = context;
  try {
    const found = await prepare(context, await findOperation(store, id));
    const leased = { ...found, operation: (await findOperation(store, id)).operation };
    return await (leased.back ? rollBack(context, leased) : goForward(context, leased));
  } catch (error) {
    if (activeLease.lost.aborted) {
      throw new SwarmError("SW601", `operation ${id} was taken over by another process`, { cause: error });
    }
    throw error;
  } finally {
    await activeLease.release();
  }
}

/** Checks a new operation under the lease, and records that it runs. */
async function begin(
  context: OperationContext,
  leased: LeasedOperation,
  { definition: asked, seen }: { readonly definition: AnyOperation; readonly seen: ClusterRequest["seen"] },
): Promise<LeasedOperation> {
  const { store, activeLease } = context;
  const { cluster, operation } = leased;
  try {
    if (seen !== undefined) refuseChanged(cluster, seen);
    const environmentUntil = asked.environmentUntil(operation.wishAfter);
    if (environmentUntil !== undefined && cluster.status !== "PLANNING") refuseOrdinary(cluster);
    await settleAbandoned(context, leased);
    const before = beforeOf(cluster);
    const kind = kindOn(cluster, asked);
    if (kind !== operation.kind) context.options.onEvent(startOf({ id: operation.id, kind }, cluster));
    const table = stateTable(context.options.operations);
    const request = definitionOf(context, { ...operation, kind }).requestIn(cluster.status);
    const status = transition(cluster.name, cluster.status, request, table);
    const session = await thisSession();
    await store.operations.write(operation.id, activeLease.lease, {
      status: "running",
      session,
      kind,
      wishBefore: before,
    });
    // Recorded first, so that an environment expires even if the operation fails or is killed.
    const renewed = environmentUntil === undefined ? {} : { environmentUntil };
    await writeCluster(store, activeLease.lease, cluster.id, { status, statusReason: null, ...renewed });
    return leased;
  } catch (error) {
    await store.operations.write(operation.id, activeLease.lease, { status: "refused", error: serialized(error) });
    throw error;
  }
}

/** The kind of an operation on a cluster: on one that has run before, `up` is an update. */
function kindOn(cluster: Cluster, { kind, onExisting }: AnyOperation): string {
  return (beforeOf(cluster) === null ? undefined : onExisting) ?? kind;
}

/** Ends the processes of killed runners and marks their operations as failed. @throws SwarmError SW621 for an unfinished long operation */
async function settleAbandoned(context: OperationContext, { cluster, operation }: LeasedOperation): Promise<void> {
  const { store, activeLease } = context;
  const definition = definitionOf(context, operation);
  const of = async (status: OperationStatus) =>
    (await store.operations.list({ clusterId: cluster.id, status, limit: 100 })).items.filter(
      ({ id }) => id !== operation.id,
    );
  const abandoned = await of("running");
  await endLeftovers(abandoned);
  const open = [...abandoned, ...(await of("failed"))].find((one) => definitionOf(context, one).isLong);
  if (open !== undefined && !definition.supersedes) {
    throw new SwarmError("SW621", `cluster ${cluster.name} has an unfinished operation: ${open.id} (${open.kind})`, {
      hints: [`resume it: swarmctl ops resume ${open.id}`, `roll it back: swarmctl ops rollback ${open.id}`],
      values: { cluster: cluster.name, operation: open.id, kind: open.kind },
    });
  }
  for (const { id, kind } of abandoned) {
    if (definition.coalesces && kind === operation.kind) continue;
    const error = new SwarmError("SW606", `the runner was killed, and operation ${operation.id} superseded it`);
    await store.operations.write(id, activeLease.lease, { status: "failed", error: serialized(error) });
  }
}

async function goForward(context: OperationContext, leased: LeasedOperation): Promise<Performed> {
  const { operation, cluster } = leased;
  const { options, store, activeLease } = context;
  const { steps } = definitionOf(context, operation);
  const cancel = watchCancel(store.operations, operation, steps);
  const signal = AbortSignal.any([options.signal, activeLease.lost, cancel.signal]);
  const work = startWork({ ...context, operation, cluster }, signal);
  try {
    await announce(context, { operation, cluster });
    await doSteps(steps, work, { operations: store.operations, lease: activeLease.lease, onEvent: options.onEvent });
    return await succeed(context, { operation, cluster }, work);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (isRefused(definitionOf(context, operation), leased, work, error.cause)) {
      await refuse(context, leased, work, error.cause);
      throw error.cause;
    }
    if ((error.step.undoes || cancel.signal.aborted) && !activeLease.lost.aborted) {
      await rollBack(context, { operation, cluster }, error.cause);
      const reason = error.cause.message;
      throw new SwarmError("SW623", `${operation.kind} of cluster ${cluster.name} was rolled back: ${reason}`, {
        hints: error.cause.hints,
        values: { operation: operation.id, step: error.step.name, error: error.cause.toJSON() },
        cause: error.cause,
      });
    }
    await fail(context, { operation, cluster }, work, error.cause);
    throw explained(operation, steps, error.cause);
  } finally {
    cancel.end();
    work.close();
  }
}

/** Emits the parts and expected durations of an operation. */
async function announce(context: OperationContext, { operation, cluster }: LeasedOperation): Promise<void> {
  const { options, store } = context;
  const { id } = operation;
  options.onEvent({
    type: "parts",
    operation: id,
    parts: await partsOf(definitionOf(context, operation), operation, cluster),
  });
  const expected = await expectedOf(store, options.settings.home, operation);
  options.onEvent({ type: "expected", operation: id, ...expected });
}

async function rollBack(
  context: OperationContext,
  { operation, cluster }: LeasedOperation,
  why?: SwarmError,
): Promise<Performed> {
  const { store, activeLease, options } = context;
  // The signal that interrupted an operation does not interrupt its rollback.
  const signal = why === undefined ? AbortSignal.any([options.signal, activeLease.lost]) : activeLease.lost;
  const work = startWork({ ...context, operation, cluster }, signal);
  const journal = { operations: store.operations, lease: activeLease.lease, onEvent: options.onEvent };
  const { steps } = definitionOf(context, operation);
  try {
    await undoSteps(steps, work, journal);
    const error = why === undefined ? {} : { error: serialized(why) };
    return await settle(context, { operation, cluster }, work, { status: "rolled-back", ...error });
  } catch (error) {
    await fail(context, { operation, cluster }, work, toSwarmError(error));
    throw explained(operation, steps, toSwarmError(error));
  } finally {
    work.close();
  }
}

async function succeed(context: OperationContext, leased: LeasedOperation, work: Work): Promise<Performed> {
  const recorded = definitionOf(context, leased.operation).records(leased.operation.wishAfter);
  return settle(context, leased, work, { status: "succeeded" }, recorded);
}

/** Ends an operation and records the resulting state of the cluster. */
async function settle(
  context: OperationContext,
  { operation, cluster }: LeasedOperation,
  work: Work,
  end: { readonly status: OperationStatus; readonly error?: Json },
  recorded: ClusterChanges = {},
): Promise<Performed> {
  const { options, store, activeLease, begun } = context;
  const record = await work.run.record();
  const changes: ClusterChanges =
    record === undefined
      ? { status: "DESTROYED", statusReason: null }
      : { ...changesOf(record), ...recorded, status: statusOf(record), statusReason: null };
  const { status } = await writeCluster(store, activeLease.lease, cluster.id, changes);
  if (definitionOf(context, operation).forgetsLogs(operation.wishAfter))
    await forgetLogs(store, options.settings.home, cluster);
  for (const id of [...work.claimed, operation.id]) await store.operations.write(id, activeLease.lease, end);
  const { id, kind } = operation;
  const durationMs = performance.now() - begun;
  return { operation: id, kind, cluster: cluster.name, status, changes: work.changes, durationMs };
}

/** Whether an operation failed before it changed anything: one of several updates, only in its first step. */
function isRefused({ isLong }: AnyOperation, { isResumed }: LeasedOperation, work: Work, error: SwarmError): boolean {
  return isRefusal(error) && !isResumed && (!isLong || work.details.size === 0);
}

/** Records a refusal: the cluster stays as it was. */
async function refuse(
  { store, activeLease }: OperationContext,
  { operation, cluster }: LeasedOperation,
  work: Work,
  error: SwarmError,
): Promise<void> {
  for (const id of [...work.claimed, operation.id]) {
    await store.operations.write(id, activeLease.lease, { status: "refused", error: serialized(error) });
  }
  const { status, statusReason, environmentUntil } = cluster;
  await writeCluster(store, activeLease.lease, cluster.id, { status, statusReason, environmentUntil });
}

/** Records a failure: after an error that changed nothing the cluster's state is as before, any other sets the failed state. */
async function fail(
  context: OperationContext,
  { operation, cluster }: LeasedOperation,
  work: Work,
  error: SwarmError,
): Promise<void> {
  const { store, activeLease } = context;
  const definition = definitionOf(context, operation);
  const refused = isRefusal(error);
  const reason = `${operation.kind}: ${error.message}`;
  const changes: ClusterChanges = refused
    ? { status: cluster.status, statusReason: cluster.statusReason, environmentUntil: cluster.environmentUntil }
    : { status: definition.failed, statusReason: reason };
  for (const id of [...work.claimed, operation.id]) {
    await store.operations.write(id, activeLease.lease, { status: "failed", error: serialized(error) });
  }
  await writeCluster(store, activeLease.lease, cluster.id, changes);
}

async function forgetLogs(store: Store, home: string, { id: clusterId }: Cluster): Promise<void> {
  const { items } = await store.operations.list({ clusterId, limit: 1_000 });
  for (const { id } of items) await forgetLog(home, id);
}

async function rowOf(
  store: Store,
  { settings, engine }: LifecycleOptions,
  definition: AnyOperation,
  name: string,
  request: Json,
): Promise<Cluster> {
  const row = await findCluster(store, name);
  if (row !== undefined) return row;
  await refuseStackName(store, name);
  const found = await readCluster(settings, engine, name).catch((error: unknown) => {
    if (definition.creates && error instanceof SwarmError && error.code === "SW605") return undefined;
    throw error;
  });
  return enterCluster(store, name, found, definition.environmentUntil(request));
}

function refuseChanged({ id, name, version, status }: Cluster, seen: Pick<Cluster, "id" | "version">): void {
  if (id === seen.id && version === seen.version) return;
  throw new SwarmError("SW620", `cluster ${name} was changed concurrently and is ${status} now`, {
    values: { cluster: name, version, seen },
  });
}

function refuseEnded({ id, kind, status }: Entry): void {
  if (status === "queued" || status === "running" || status === "failed") return;
  throw new SwarmError("SW620", `operation ${id} (${kind}) has ended: ${status}`, {
    values: { operation: id, status },
  });
}

/** The result of a scale that another process coalesced into its own. */
async function doneByOther(store: Store, cluster: Cluster, id: string, begun: number): Promise<Performed> {
  const { operation } = await findOperation(store, id);
  if (operation.status !== "succeeded") throw fromSerialized(operation.error as unknown as SerializedError);
  const { status = cluster.status } = (await store.clusters.show(cluster.id)) ?? {};
  const durationMs = performance.now() - begun;
  return { operation: id, kind: operation.kind, cluster: cluster.name, status, changes: {}, durationMs };
}

/** The data that a rollback needs; null for a cluster that has never run. */
function beforeOf({ wish: desired, blueprintFile: file, blueprintText: text }: Cluster): Json {
  if (desired === null || typeof desired !== "object" || !("counts" in desired)) return null;
  const { counts = {}, pins = {} } = desired;
  return { counts, pins, source: file === null || text === null ? null : { file, text } };
}

function explained({ id }: Entry, steps: readonly Step[], error: SwarmError): SwarmError {
  if (isRefusal(error)) return error;
  const onlyForward = steps.every(({ final }) => final);
  const hints = onlyForward ? [] : [`roll it back: swarmctl ops rollback ${id}`];
  return new SwarmError(error.code, error.message, {
    hints: [...error.hints, `resume it: swarmctl ops resume ${id}`, ...hints],
    values: { ...error.values, operation: id },
    cause: error.cause,
  });
}

function serialized(error: unknown): Json {
  return toJson(toSwarmError(error).toJSON());
}

function startOf({ id, kind }: Pick<Entry, "id" | "kind">, { name: cluster }: Pick<Cluster, "name">): LifecycleEvent {
  return { type: "operation", id, kind, cluster };
}

function telling(options: LifecycleOptions, { id, kind }: Entry, { name }: Cluster) {
  const onEvent = (event: LifecycleEvent) => {
    writeLog(options.settings.home, id, event);
    options.onEvent(event);
  };
  onEvent(startOf({ id, kind }, { name }));
  const told = (text: string) =>
    onEvent({ type: "message", severity: "info", text, resource: undefined, ephemeral: false });
  return { logged: { ...options, onEvent }, told };
}
