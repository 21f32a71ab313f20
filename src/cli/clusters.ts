import type { InstanceStatus } from "../agent-api/status.ts";
import type { Driver, RuntimeStatus } from "../drivers/driver.ts";
import { type ClusterLocation, openDriver } from "../drivers/open-driver.ts";
import { SwarmError } from "../errors.ts";
import { type ResolvedCluster, resolveCluster } from "../lifecycle/records/cluster-names.ts";
import { findRow } from "../lifecycle/records/journal.ts";
import { explainSilence } from "../lifecycle/states.ts";
import { poll } from "../platform/wait.ts";
import { parseEmbeddedName } from "../stacks/embedded.ts";
import { type ClusterRecord, readCluster, readEmbeddedCluster } from "../stacks/state.ts";
import { chooseResolved, decideNamed } from "./choose-cluster.ts";
import type { Context } from "./context.ts";

/** The recorded and the observed state of a cluster. */
export interface ClusterView {
  readonly record: ClusterRecord;
  /** Undefined when nothing of the cluster runs or can be reached from here. */
  readonly status: RuntimeStatus | undefined;
}

export interface AgentRow extends Omit<InstanceStatus, "id" | "tasks"> {
  readonly cluster: string;
  readonly instance: string;
  readonly agent: string;
  readonly role: string;
  readonly name: string;
  readonly tasks: number;
}

/**
 * Opens the driver of the named cluster, or of the only one.
 *
 * @throws SwarmError SW605 when there is none, SW706 when it runs on another host, SW801 when several exist
 */
export async function withDriver<Result>(
  context: Context,
  named: string | undefined,
  work: Work<Result>,
): Promise<Result> {
  const decided = decideNamed(context, named);
  const embedded = decided === undefined ? undefined : parseEmbeddedName(decided);
  if (decided !== undefined && embedded !== undefined) {
    return withRecorded(decided, await readEmbeddedCluster(context.settings, context.engine, embedded), work);
  }
  const resolved = await chooseResolved(context, decided);
  try {
    return await withResolved(context, resolved, work);
  } catch (error) {
    throw await explained(context, resolved.cluster, error);
  }
}

/** An error of agents that do not answer, explained by the state of their cluster. */
async function explained({ settings }: Context, cluster: string, error: unknown): Promise<unknown> {
  if (!(error instanceof SwarmError) || !isUnreached(error)) return error;
  const row = await findRow(settings, cluster).catch(() => undefined);
  return row === undefined ? error : explainSilence(row, error);
}

type Work<Result> = (driver: Driver, cluster: string) => Promise<Result>;

async function withResolved<Result>(
  context: Context,
  { cluster, stack }: ResolvedCluster,
  work: Work<Result>,
): Promise<Result> {
  return withRecorded(cluster, await readCluster(context.settings, context.engine, stack), work);
}

async function withRecorded<Result>(
  cluster: string,
  record: ClusterLocation | undefined,
  work: Work<Result>,
): Promise<Result> {
  const driver = record && (await openDriver(record));
  if (driver === undefined) {
    throw new SwarmError("SW605", `cluster ${cluster} has no agents that can be reached from here`);
  }
  try {
    return await work(driver, cluster);
  } finally {
    driver.close();
  }
}

/**
 * Calls `work` with the driver of the location that the journal records, without an export of the state. Reads the state when the
 * journal has no location, or an outdated one.
 */
async function withJournaled<Result>(context: Context, resolved: ResolvedCluster, work: Work<Result>): Promise<Result> {
  const { cluster, location } = resolved;
  if (location === undefined) return withResolved(context, resolved, work);
  try {
    return await withRecorded(cluster, location, work);
  } catch (error) {
    if (!(error instanceof SwarmError) || !isUnreached(error)) throw error;
    return withResolved(context, resolved, work);
  }
}

/** Covers the final transfer of a migration, and the resume of one that was interrupted. */
const movesWithinMs = 180_000;
const lookMs = 500;

/**
 * Calls `work` as `withDriver` does, and retries it on the active stack while the cluster is being migrated. `work` must be
 * idempotent.
 */
export async function withMovingDriver<Result>(
  context: Context,
  named: string | undefined,
  work: Work<Result>,
): Promise<Result> {
  // An embedded cluster is never migrated.
  const decided = decideNamed(context, named);
  if (decided !== undefined && parseEmbeddedName(decided) !== undefined) return withDriver(context, decided, work);
  let resolved = await chooseResolved(context, decided);
  const { cluster } = resolved;
  let told = false;
  let moving: SwarmError | undefined;
  const done = await poll(
    async () => {
      try {
        return { result: await withJournaled(context, resolved, work) };
      } catch (error) {
        if (!(error instanceof SwarmError) || !(isUnreached(error) || error.code === "SW716")) throw error;
        const { stack } = resolved;
        resolved = await resolveCluster(context.settings, cluster);
        if (!resolved.isMoving && resolved.stack === stack) throw await explained(context, cluster, error);
        if (!told) context.output.note(`cluster ${cluster} is being migrated; waiting`);
        told = true;
        moving = error;
        return undefined;
      }
    },
    { deadlineMs: movesWithinMs, intervalMs: lookMs, signal: context.signal },
  );
  if (done === undefined) throw await explained(context, cluster, moving);
  return done.result;
}

function isUnreached({ code }: SwarmError): boolean {
  return code === "SW704" || code === "SW605";
}

/** What is recorded of a cluster, by its name or as `project/stack/name`. */
async function readNamed({ settings, engine }: Context, cluster: string): Promise<ClusterRecord | undefined> {
  const embedded = parseEmbeddedName(cluster);
  if (embedded !== undefined) return readEmbeddedCluster(settings, engine, embedded);
  return readCluster(settings, engine, (await resolveCluster(settings, cluster)).stack);
}

/** Reads the recorded and observed state of a stack's cluster; undefined for an empty stack. @throws SwarmError SW605 when there is no such cluster */
export async function viewStack(context: Context, stack: string): Promise<ClusterView | undefined> {
  return view(context, await readCluster(context.settings, context.engine, stack));
}

/** Calls `viewStack` for a cluster by its name or `project/stack/name`. */
export async function viewCluster(context: Context, cluster: string): Promise<ClusterView | undefined> {
  return view(context, await readNamed(context, cluster));
}

async function view(context: Context, record: ClusterRecord | undefined): Promise<ClusterView | undefined> {
  if (record === undefined) return undefined;
  const driver = await openDriver(record);
  try {
    return { record, status: await driver?.status(context.signal) };
  } finally {
    driver?.close();
  }
}

/** Lists the instances of a cluster as rows of `swarmctl agents`. */
export function agentRows(cluster: string, status: RuntimeStatus | undefined): AgentRow[] {
  return (status?.agents ?? []).flatMap(({ agent, role, name, instances }) =>
    instances.map(({ id, tasks, ...rest }) => ({
      ...{ cluster, instance: id, agent, role, name },
      ...rest,
      tasks: tasks?.length ?? 0,
    })),
  );
}
