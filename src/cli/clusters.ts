import type { InstanceStatus } from "../agent-api/status.ts";
import type { Driver, RuntimeStatus } from "../drivers/driver.ts";
import { openDriver } from "../drivers/open-driver.ts";
import { SwarmError } from "../errors.ts";
import { stackOf, whereabouts } from "../lifecycle/records/cluster-names.ts";
import { poll } from "../platform/wait.ts";
import { parseEmbeddedName } from "../stacks/embedded.ts";
import type { Engine } from "../stacks/engine/index.ts";
import { type ClusterRecord, readCluster, readEmbeddedCluster } from "../stacks/state.ts";
import { type Context, chooseCluster, requireEngine } from "./context.ts";

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

interface OpenCluster {
  readonly cluster: string;
  readonly record: ClusterRecord;
  readonly driver: Driver;
}

/**
 * Opens the driver of the named cluster, or of the only one.
 *
 * @throws SwarmError SW605 when there is none, SW706 when it runs on another host, SW801 when several exist
 */
async function openCluster(context: Context, named: string | undefined): Promise<OpenCluster> {
  const engine = await requireEngine(context);
  const cluster = await chooseCluster(context, named);
  const record = await readNamed(context, engine, cluster);
  const driver = record && (await openDriver(record));
  if (record === undefined || driver === undefined)
    throw new SwarmError("SW605", `the agents of cluster ${cluster} are not reachable from here`);
  return { cluster, record, driver };
}

/** Reads the record of a cluster by its name or `project/stack/name`. */
async function readNamed({ settings }: Context, engine: Engine, cluster: string): Promise<ClusterRecord | undefined> {
  const embedded = parseEmbeddedName(cluster);
  if (embedded !== undefined) return readEmbeddedCluster(settings, engine, embedded);
  return readCluster(settings, engine, await stackOf(settings, cluster));
}

/** Calls `work` with the driver of a cluster and closes it afterwards. @throws SwarmError as `openCluster` */
export async function withDriver<Result>(
  context: Context,
  named: string | undefined,
  work: (driver: Driver, cluster: string) => Promise<Result>,
): Promise<Result> {
  const { driver, cluster } = await openCluster(context, named);
  try {
    return await work(driver, cluster);
  } finally {
    driver.close();
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
  work: (driver: Driver, cluster: string) => Promise<Result>,
): Promise<Result> {
  const cluster = await chooseCluster(context, named);
  // An embedded cluster is never migrated.
  if (parseEmbeddedName(cluster) !== undefined) return withDriver(context, cluster, work);
  let told = false;
  let moving: SwarmError | undefined;
  const done = await poll(
    async () => {
      const { stack } = await whereabouts(context.settings, cluster);
      try {
        return { result: await withDriver(context, cluster, work) };
      } catch (error) {
        if (!(error instanceof SwarmError) || !isLostOnTheWay(error)) throw error;
        const now = await whereabouts(context.settings, cluster);
        if (!now.isMoving && now.stack === stack) throw error;
        if (!told) context.output.note(`cluster ${cluster} is being migrated; waiting`);
        told = true;
        moving = error;
        return undefined;
      }
    },
    { deadlineMs: movesWithinMs, intervalMs: lookMs, signal: context.signal },
  );
  if (done === undefined) throw moving;
  return done.result;
}

function isLostOnTheWay({ code }: SwarmError): boolean {
  return code === "SW716" || code === "SW704" || code === "SW605";
}

/** Reads the recorded and observed state of a stack's cluster; undefined for an empty stack. @throws SwarmError SW605 when there is no such cluster */
export async function viewStack(context: Context, engine: Engine, stack: string): Promise<ClusterView | undefined> {
  return view(context, await readCluster(context.settings, engine, stack));
}

/** Calls `viewStack` for a cluster by its name or `project/stack/name`. */
export async function viewCluster(context: Context, engine: Engine, cluster: string): Promise<ClusterView | undefined> {
  return view(context, await readNamed(context, engine, cluster));
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
