import { SwarmError } from "../../errors.ts";
import type { Engine } from "../../stacks/engine/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import { listClusters } from "../../stacks/state.ts";
import { findCluster, presentClusters } from "./cluster-repository.ts";
import { withRecords } from "./with-records.ts";

/** A cluster, and the stack on which it is now. */
export interface Named {
  readonly cluster: string;
  readonly stack: string;
}

/** The stack on which a cluster is now: one that never moved, or was never recorded, has a stack of its own name. */
export async function stackOf(settings: Settings, cluster: string): Promise<string> {
  return (await whereabouts(settings, cluster)).stack;
}

/** As `stackOf`, and whether it is on its way to another one. */
export async function whereabouts(
  settings: Settings,
  cluster: string,
): Promise<{ readonly stack: string; readonly isMoving: boolean }> {
  try {
    const row = await withRecords(settings, (store) => findCluster(store, cluster));
    return { stack: row?.activeStack ?? cluster, isMoving: row?.status === "MIGRATING" };
  } catch (error) {
    // A shared backend without a journal can be read.
    if (error instanceof SwarmError && error.code === "SW609") return { stack: cluster, isMoving: false };
    throw error;
  }
}

/** All clusters that have a stack, by name; without what those that moved have left behind. */
export async function listNamed(settings: Settings, engine: Engine): Promise<readonly Named[]> {
  const stacks = (await listClusters(settings, engine)).map(({ cluster }) => cluster);
  const { rows, further } = await withRecords(settings, async (store) => ({
    rows: await presentClusters(store),
    further: await store.stacks.all(),
  })).catch((error: unknown) => {
    if (error instanceof SwarmError && error.code === "SW609") return { rows: [], further: new Map<string, string>() };
    throw error;
  });
  const nameOf = new Map(rows.map(({ activeStack, name }) => [activeStack, name]));
  const leftBehind = new Set(rows.flatMap(({ activeStack, name }) => (activeStack === name ? [] : [name])));
  const own = stacks.filter((stack) => nameOf.has(stack) || !(leftBehind.has(stack) || further.has(stack)));
  return own
    .map((stack) => ({ cluster: nameOf.get(stack) ?? stack, stack }))
    .sort((a, b) => a.cluster.localeCompare(b.cluster));
}
