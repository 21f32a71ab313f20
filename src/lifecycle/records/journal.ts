import { z } from "zod";
import { type TargetKind, targetKinds } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Operation, Operations } from "../../store/operations.ts";
import { findCluster, findLatest, findOperation, presentClusters } from "./cluster-repository.ts";
import { lastMigration } from "./past-operations.ts";
import { withRecords } from "./with-records.ts";

/** The recorded detail of a migration's first step. */
const fromSchema = z
  .object({ fromTarget: z.enum(targetKinds), fromContext: z.string().optional() })
  .transform(({ fromTarget: target, fromContext: context }) => ({ target, context }));

/** An operation with the name of its cluster. */
export interface JournalEntry extends Operation {
  readonly cluster: string;
}

export interface JournalView extends JournalEntry {
  readonly steps: Awaited<ReturnType<Operations["steps"]>>;
}

/** Lists the operations of one or all clusters, newest first. @throws SwarmError SW605 when there is no such cluster */
export async function listOperations(
  settings: Settings,
  { cluster, limit }: { readonly cluster?: string | undefined; readonly limit: number },
): Promise<readonly JournalEntry[]> {
  return withRecords(settings, async (store) => {
    const row = cluster === undefined ? undefined : await findCluster(store, cluster);
    if (cluster !== undefined && row === undefined) {
      throw new SwarmError("SW605", `no cluster ${cluster} exists`, { hints: ["list clusters: swarmctl status"] });
    }
    const { items } = await store.operations.list({ limit, ...(row && { clusterId: row.id }) });
    return await Promise.all(
      items.map(async (one) => ({ ...one, cluster: (await store.clusters.show(one.clusterId))?.name ?? "" })),
    );
  });
}

/** Returns an operation with its steps. @throws SwarmError SW622 for an unknown id */
export async function showOperation(settings: Settings, id: string): Promise<JournalView> {
  return withRecords(settings, async (store) => {
    const { operation, cluster } = await findOperation(store, id);
    return { ...operation, cluster: cluster.name, steps: await store.operations.steps(id) };
  });
}

/** Returns the rows of all clusters that are not destroyed, by name. */
export async function listRows(settings: Settings): Promise<ReadonlyMap<string, Cluster>> {
  return withRecords(settings, async (store) => new Map((await presentClusters(store)).map((row) => [row.name, row])));
}

/** Returns the row of a cluster, also of a destroyed one; undefined for one that was never recorded. */
export async function findRow(settings: Settings, cluster: string): Promise<Cluster | undefined> {
  return withRecords(settings, (store) => findLatest(store, cluster));
}

/** Returns the target of a cluster before its last migration. @throws SwarmError SW605 when there is no such cluster, SW625 when it was never migrated */
export async function whereItWas(
  settings: Settings,
  cluster: string,
): Promise<{ readonly target: TargetKind; readonly context: string | undefined }> {
  return withRecords(settings, async (store) => {
    const row = await findCluster(store, cluster);
    if (row === undefined) throw new SwarmError("SW605", `no cluster ${cluster} exists`);
    const last = await lastMigration(store, row.id);
    const before = last && (await store.operations.steps(last.id)).find(({ name }) => name === "reserve");
    if (before !== undefined) return fromSchema.parse(before.detail);
    throw new SwarmError("SW625", `cluster ${cluster} was never migrated`);
  });
}
