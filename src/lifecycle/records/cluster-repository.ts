import { SwarmError } from "../../errors.ts";
import type { ClusterRecord } from "../../stacks/state.ts";
import type { Cluster, ClusterChanges } from "../../store/clusters.ts";
import type { Json } from "../../store/json.ts";
import type { Lease } from "../../store/leases.ts";
import type { Operation } from "../../store/operations.ts";
import type { Store } from "../../store/store.ts";

/** Whoever has no tenants is this one. */
const tenant = "default";

/** The row of a cluster that is there, or has been planned. */
export function findCluster(store: Store, name: string): Promise<Cluster | undefined> {
  return store.clusters.byName(tenant, name);
}

/** The rows of all clusters that are not destroyed, newest first. */
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

/** An operation with its cluster. @throws SwarmError SW622 when there is none of this id */
export async function findOperation(
  store: Store,
  id: string,
): Promise<{ readonly operation: Operation; readonly cluster: Cluster }> {
  const operation = await store.operations.show(id);
  const cluster = operation && (await store.clusters.show(operation.clusterId));
  if (operation !== undefined && cluster !== undefined) return { operation, cluster };
  throw new SwarmError("SW622", `there is no operation ${id}`, { hints: ["swarmctl ops list shows them"] });
}

/** Makes the row of a cluster: a planned one, which may be an environment, or one that an earlier version has brought up. */
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
  if (row === undefined) throw new SwarmError("SW601", `cluster ${name} was removed in the same moment`);
  return row;
}

/** What a cluster is once its operation has ended. */
export function statusOf({ power }: Pick<ClusterRecord, "power">): "ACTIVE" | "HIBERNATED" {
  return power === "active" ? "ACTIVE" : "HIBERNATED";
}

/** What a record says of its row. */
export function changesOf(record: ClusterRecord): ClusterChanges {
  const { blueprint, counts, power, generation, place: location } = record;
  return {
    ...{ blueprintId: blueprint.id, blueprintVersion: blueprint.version, blueprintDigest: blueprint.digest },
    ...{ wish: desiredOf(record), generation, target: location?.target ?? "local" },
    ...{ targetWorkers: total(counts), currentWorkers: power === "active" ? total(counts) : 0 },
  };
}

/** Changes a row as the holder of its lease. @throws SwarmError SW601 when somebody else has taken it over */
export function writeCluster(store: Store, lease: Lease, id: string, changes: ClusterChanges): Promise<Cluster> {
  return store.fenced(lease, async ({ clusters }) => {
    const row = await clusters.show(id);
    const written = row && (await clusters.update(id, row.version, changes));
    if (written === undefined) throw new SwarmError("SW601", `cluster ${id} was changed by somebody else`);
    return written;
  });
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function desiredOf(record: ClusterRecord | undefined): Json {
  if (record === undefined) return null;
  const { counts, power, generation } = record;
  return { counts, power, generation };
}
