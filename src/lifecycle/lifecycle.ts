import { join } from "node:path";
import { loadBlueprint, readBlueprintFile } from "../blueprint/load.ts";
import type { Blueprint, TargetKind } from "../blueprint/model.ts";
import { allocate } from "../plan/allocate.ts";
import type { WishChange } from "../plan/wish.ts";
import type { Cluster } from "../store/clusters.ts";
import { toJson } from "../store/json.ts";
import { type ScaleWish, toChange } from "./fold.ts";
import { type Asked, type Performed, perform } from "./perform.ts";
import { readSource, sourceOf } from "./source.ts";
import type { LifecycleOptions } from "./work.ts";

export type { LifecycleEvent } from "./event.ts";
export { type Performed, resumeOperation, rollbackOperation } from "./perform.ts";
export type { LifecycleOptions } from "./work.ts";

export interface On {
  readonly cluster: string;
  /** How long to wait while somebody else is at work; 0 refuses at once. */
  readonly waitMs: number;
  /** The row by which this was decided: refused where anything was changed since. */
  readonly seen?: Pick<Cluster, "id" | "version">;
}

export interface UpRequest extends On {
  /** Absolute path of the blueprint. */
  readonly file: string;
  readonly target: TargetKind | undefined;
  readonly change: WishChange;
}

/** Starts a cluster, or brings a running one in line with its blueprint. @throws SwarmError as `perform`, SW500 and SW802 for the file */
export async function bringUp(options: LifecycleOptions, request: UpRequest): Promise<Performed> {
  const { cluster, waitMs, file, target, change } = request;
  await loadBlueprint(file, { target });
  const source = { file, text: await readBlueprintFile(file) };
  return perform(options, { cluster, kind: "spawn", waitMs, wish: toJson({ source, target, change }) });
}

/** Changes how many instances there are. Those who wait at the same time share one update. @throws SwarmError as `perform`, SW608 */
export async function scaleCluster(
  options: LifecycleOptions,
  { cluster, waitMs, ...wish }: On & ScaleWish,
): Promise<Performed> {
  const judge = (row: Cluster) => refuseImpossible(row, wish);
  return perform(options, { cluster, kind: "scale", waitMs, wish: toJson(wish), judge });
}

/**
 * Saves the state of all instances, and ends them.
 *
 * @param on `ifIdle`: not when there is work for it after all
 * @throws SwarmError as `perform`
 */
export function hibernateCluster(
  options: LifecycleOptions,
  { ifIdle = false, ...on }: On & { readonly ifIdle?: boolean },
): Promise<Performed> {
  return perform(options, { ...on, kind: "hibernate", wish: { ifIdle } });
}

/** Brings a cluster that hibernates back, with the state and the counts of before. @throws SwarmError as `perform` */
export function reactivateCluster(options: LifecycleOptions, on: On): Promise<Performed> {
  return perform(options, { ...on, kind: "reactivate", wish: {} });
}

/** Removes a cluster; without `purge` its blueprint, record and last checkpoints are kept in an archive. @throws SwarmError as `perform` */
export function destroyCluster(
  options: LifecycleOptions,
  { purge, ...on }: On & Pick<Asked, "judge"> & { readonly purge: boolean },
): Promise<Performed> {
  const archives = join(options.settings.home, "archive");
  return perform(options, { ...on, kind: "destroy", wish: { purge, archives } });
}

/** A wish that cannot be met is refused before it is folded into those of others. */
async function refuseImpossible(cluster: Cluster, wish: ScaleWish): Promise<void> {
  if (cluster.blueprintText === null) return;
  const blueprint = await readSource(sourceOf(cluster), undefined);
  const { targetWorkers } = toChange(wish, blueprint.agents);
  if (targetWorkers !== undefined) allocate(targetWorkers, boundsOf(blueprint));
}

function boundsOf({ agents, cluster: { minWorkers, maxWorkers } }: Blueprint) {
  return { agents: agents.map(({ key, count }) => ({ key, min: count.min, max: count.max })), minWorkers, maxWorkers };
}
