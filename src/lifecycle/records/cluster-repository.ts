import { SwarmError } from "../../errors.ts";
import { type Pins, recordedPins } from "../../plan/pins.ts";
import type { ClusterRecord } from "../../stacks/state.ts";
import type { Cluster, ClusterChanges } from "../../store/clusters.ts";
import { type Json, toJson } from "../../store/json.ts";
import type { Lease } from "../../store/leases.ts";
import type { Operation } from "../../store/operations.ts";
import type { Store } from "../../store/store.ts";
import { defaultTarget } from "../../targets/kinds.ts";

/** The only tenant of an installation without tenants. */
const tenant = "default";

/** Finds the row of a planned or existing cluster. */
export function findCluster(store: Store, name: string): Promise<Cluster | undefined> {
  return store.clusters.byName(tenant, name);
}

/** Returns the row of a cluster, or of the last destroyed one of that name. */
export async function findLatest(store: Store, name: string): Promise<Cluster | undefined> {
  return (await findCluster(store, name)) ?? store.clusters.lastDestroyed(tenant, name);
}

/** Lists the rows of all clusters that are not destroyed, newest first. */
export async function presentClusters(store: Store): Promise<readonly Cluster[]> {
  const rows: Cluster[] = [];
  let before: string | undefined;
  do {
    const page = await store.clusters.list({ tenant, present: true, limit: 1_000, ...(before && { before }) });
    rows.push(...page.items);
    before = page.next;
  } while (before !== undefined);
  return rows;
}

/** Finds an operation and its cluster. @throws SwarmError SW622 for an unknown id */
export async function findOperation(
  store: Store,
  id: string,
): Promise<{ readonly operation: Operation; readonly cluster: Cluster }> {
  const operation = await store.operations.show(id);
  const cluster = operation && (await store.clusters.show(operation.clusterId));
  if (operation !== undefined && cluster !== undefined) return { operation, cluster };
  throw new SwarmError("SW622", `no operation ${id} exists`, { hints: ["list operations: swarmctl ops list"] });
}

/** Creates the row of a new cluster or environment, or of an existing cluster that is not recorded yet. */
export async function enterCluster(
  store: Store,
  name: string,
  record: ClusterRecord | undefined,
  environmentUntil: number | undefined,
): Promise<Cluster> {
  const workers = record === undefined ? 0 : total(record.counts);
  const made = await store.clusters.create({
    ...{ tenant, name, type: "standard", activeStack: name },
    ...{ blueprintId: record?.blueprint.id ?? "", blueprintVersion: record?.blueprint.version ?? "" },
    ...{ blueprintDigest: record?.blueprint.digest ?? "", target: record?.place?.target ?? "" },
    ...(record === undefined && environmentUntil !== undefined && { environmentUntil }),
    status: record === undefined ? "PLANNING" : statusOf(record),
    wish: desiredOf(record),
    generation: record?.generation ?? 0,
    ...{ currentWorkers: workers, targetWorkers: workers, minWorkers: 0, maxWorkers: 0 },
  });
  const row = made ?? (await findCluster(store, name));
  if (row === undefined) throw new SwarmError("SW601", `cluster ${name} was removed concurrently`);
  return row;
}

/** Returns the state of a cluster after an operation. */
export function statusOf({ power }: Pick<ClusterRecord, "power">): "ACTIVE" | "HIBERNATED" {
  return power === "active" ? "ACTIVE" : "HIBERNATED";
}

/** Derives the changes of a cluster's row from its record. */
export function changesOf(record: ClusterRecord): ClusterChanges {
  const { blueprint, counts, power, generation, place: location } = record;
  return {
    ...{ blueprintId: blueprint.id, blueprintVersion: blueprint.version, blueprintDigest: blueprint.digest },
    ...{ wish: desiredOf(record), generation, target: location?.target ?? defaultTarget },
    ...{ targetWorkers: total(counts), currentWorkers: power === "active" ? total(counts) : 0 },
  };
}

/** Updates a row under its lease. @throws SwarmError SW601 when the lease was lost or the row changed concurrently */
export function writeCluster(store: Store, lease: Lease, id: string, changes: ClusterChanges): Promise<Cluster> {
  return store.fenced(lease, async ({ clusters }) => {
    const row = await clusters.show(id);
    const written = row && (await clusters.update(id, row.version, changes));
    if (written === undefined) throw new SwarmError("SW601", `cluster ${id} was changed concurrently`);
    return written;
  });
}

/** Sums replicas over all agents. */
export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The pinned counts in a cluster's row. */
export function pinsOf({ wish }: Pick<Cluster, "wish">): Pins {
  return recordedPins(wish);
}

function desiredOf(record: ClusterRecord | undefined): Json {
  if (record === undefined) return null;
  const { counts, power, generation, autostop, pins, cluster: stack, place, site } = record;
  return {
    ...{ counts, power, generation, at: toJson({ stack, place, site }) },
    ...(autostop !== undefined && { autostop: toJson(autostop) }),
    ...(pins !== undefined && { pins: toJson(pins) }),
  };
}
