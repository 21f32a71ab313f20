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

/** A cluster as recorded, beside what really runs. */
export interface ClusterView {
  readonly record: ClusterRecord;
  /** Undefined when nothing of it runs (here). */
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
 * Reaches the instances of a cluster: of the one named, or of the only one.
 *
 * @throws SwarmError SW605 when there is none, SW706 when it is elsewhere, SW801 when there are several
 */
async function openCluster(context: Context, named: string | undefined): Promise<OpenCluster> {
  const engine = await requireEngine(context);
  const cluster = await chooseCluster(context, named);
  const record = await readNamed(context, engine, cluster);
  const driver = record && (await openDriver(record));
  if (record === undefined || driver === undefined)
    throw new SwarmError("SW605", `cluster ${cluster} has no agents that can be reached from here`);
  return { cluster, record, driver };
}

/** What is recorded of a cluster, by its name or as `project/stack/name`. */
async function readNamed({ settings }: Context, engine: Engine, cluster: string): Promise<ClusterRecord | undefined> {
  const embedded = parseEmbeddedName(cluster);
  if (embedded !== undefined) return readEmbeddedCluster(settings, engine, embedded);
  return readCluster(settings, engine, await stackOf(settings, cluster));
}

/** As `openCluster`, for the time of one work. */
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

/** For the last state of a cluster to be carried elsewhere, and for whoever takes an interrupted move up. */
const movesWithinMs = 180_000;
const lookMs = 500;

/**
 * As `withDriver`, also while the cluster moves: what is refused or lost meanwhile is done again, here or where it is then. So the
 * work must be one that can be repeated.
 */
export async function withMovingDriver<Result>(
  context: Context,
  named: string | undefined,
  work: (driver: Driver, cluster: string) => Promise<Result>,
): Promise<Result> {
  const cluster = await chooseCluster(context, named);
  // It never moves.
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
        if (!told) context.output.note(`${cluster} is moving: waiting until it is there`);
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

/** Undefined for a stack in which nothing is recorded. @throws SwarmError SW605 when there is no such cluster */
export async function viewStack(context: Context, engine: Engine, stack: string): Promise<ClusterView | undefined> {
  return view(context, await readCluster(context.settings, engine, stack));
}

/** As `viewStack`, for a cluster by its name or as `project/stack/name`. */
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

export function agentRows(cluster: string, status: RuntimeStatus | undefined): AgentRow[] {
  return (status?.agents ?? []).flatMap(({ agent, role, name, instances }) =>
    instances.map(({ id, tasks, ...rest }) => ({
      ...{ cluster, instance: id, agent, role, name },
      ...rest,
      tasks: tasks?.length ?? 0,
    })),
  );
}
