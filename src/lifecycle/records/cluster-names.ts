import { z } from "zod";
import type { ClusterLocation } from "../../drivers/open-driver.ts";
import { SwarmError } from "../../errors.ts";
import { siteLocationSchema } from "../../plan/desired-state.ts";
import { targetLocationSchema } from "../../plan/target-location.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type EngineOnDemand, listClusters } from "../../stacks/state.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import { findCluster, presentClusters } from "./cluster-repository.ts";
import { withRecords } from "./with-records.ts";

/** A cluster and its active stack. */
export interface ResolvedCluster {
  readonly cluster: string;
  /** The stack that it is on; its own name for one that never moved or was never recorded. */
  readonly stack: string;
  /** Whether a migration to another stack has begun. */
  readonly isMoving: boolean;
  /** Where its instances were at the end of the last operation; undefined while it moves, and in rows of older versions. */
  readonly location: ClusterLocation | undefined;
}

const locationSchema = z.object({
  at: z.object({ stack: z.string(), place: targetLocationSchema.optional(), site: siteLocationSchema.optional() }),
});

/** Resolves a cluster by its row in the journal. */
export function resolveRow(
  cluster: string,
  row: Pick<Cluster, "activeStack" | "status" | "wish"> | undefined,
): ResolvedCluster {
  const stack = row?.activeStack ?? cluster;
  const isMoving = row?.status === "MIGRATING";
  const at = locationSchema.safeParse(row?.wish).data?.at;
  const isCurrent = at?.stack === stack && !isMoving;
  return {
    cluster,
    stack,
    isMoving,
    location: isCurrent ? { cluster: stack, place: at.place, site: at.site } : undefined,
  };
}

/** Resolves a cluster by its name. */
export async function resolveCluster(settings: Settings, cluster: string): Promise<ResolvedCluster> {
  try {
    return resolveRow(cluster, await withRecords(settings, (store) => findCluster(store, cluster)));
  } catch (error) {
    // A shared backend without a journal is readable.
    if (error instanceof SwarmError && error.code === "SW609") return resolveRow(cluster, undefined);
    throw error;
  }
}

/** The journal's records of all clusters' names and stacks. */
export interface NameRecords {
  readonly rows: readonly Cluster[];
  /** Ids of clusters by the further stacks that they have claimed. */
  readonly further: ReadonlyMap<string, string>;
}

/** Reads what `nameStacks` needs. */
export async function readNameRecords(store: Store): Promise<NameRecords> {
  return { rows: await presentClusters(store), further: await store.stacks.all() };
}

/** Lists all clusters with their active stacks, sorted by name; omits inactive stacks. */
export async function listNamed(settings: Settings, engine: EngineOnDemand): Promise<readonly ResolvedCluster[]> {
  const stacks = await listClusters(settings, engine);
  const records = await withRecords(settings, readNameRecords).catch((error: unknown) => {
    // A shared backend without a journal is readable.
    if (error instanceof SwarmError && error.code === "SW609") return { rows: [], further: new Map<string, string>() };
    throw error;
  });
  return nameStacks(stacks, records);
}

/** Names the clusters of stacks by the journal, sorted; omits inactive stacks. */
export function nameStacks(stacks: readonly string[], { rows, further }: NameRecords): readonly ResolvedCluster[] {
  const rowOf = new Map(rows.map((row) => [row.activeStack, row]));
  const leftBehind = new Set(rows.flatMap(({ activeStack, name }) => (activeStack === name ? [] : [name])));
  const own = stacks.filter((stack) => rowOf.has(stack) || !(leftBehind.has(stack) || further.has(stack)));
  return own
    .map((stack) => resolveRow(rowOf.get(stack)?.name ?? stack, rowOf.get(stack)))
    .sort((a, b) => a.cluster.localeCompare(b.cluster));
}
