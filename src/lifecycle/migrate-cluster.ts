import type { TargetKind } from "../blueprint/model.ts";
import { SwarmError } from "../errors.ts";
import { readCluster } from "../stacks/state.ts";
import type { Cluster } from "../store/clusters.ts";
import { toJson } from "../store/json.ts";
import type { Store } from "../store/store.ts";
import { refuseHot } from "./migration/cool-down.ts";
import { describeTarget } from "./operations/migrate.ts";
import { type Performed, perform } from "./perform.ts";
import { planOf } from "./source.ts";
import type { LifecycleOptions } from "./work.ts";

export interface MigrateRequest {
  readonly cluster: string;
  readonly to: { readonly target: TargetKind; readonly context: string | undefined };
  /** How long a cluster that has moved stays where it is. */
  readonly coolDownMs: number;
  readonly waitMs: number;
}

/**
 * Moves a cluster to another target, or to another context of the same, with all that its agents know and all their tasks.
 *
 * @throws SwarmError SW625 when it cannot be moved there, SW626 when it has moved only just now, and as `perform`
 */
export function migrateCluster(options: LifecycleOptions, request: MigrateRequest): Promise<Performed> {
  const { cluster, to, coolDownMs, waitMs } = request;
  const judge = (row: Cluster, store: Store) => judgeMove(options, store, row, request);
  return perform(options, { cluster, kind: "migrate", waitMs, wish: toJson({ to, coolDownMs }), judge });
}

/** What can be said before anything is written. @throws as `migrateCluster` */
export async function judgeMove(
  { settings, engine }: Pick<LifecycleOptions, "settings" | "engine">,
  store: Store,
  cluster: Cluster,
  { to, coolDownMs }: Pick<MigrateRequest, "to" | "coolDownMs">,
): Promise<void> {
  const { place } = (await readCluster(settings, engine, cluster.activeStack)) ?? {};
  if (place?.target === to.target && (to.context === undefined || to.context === place.context)) {
    throw new SwarmError("SW625", `cluster ${cluster.name} runs on ${describeTarget(to)} already`, {
      hints: ["name another target, or another context of this one: --context"],
      values: { place, to },
    });
  }
  const { items } = await store.operations.list({
    ...{ clusterId: cluster.id, status: "succeeded", kinds: ["migrate"], limit: 1 },
  });
  refuseHot(cluster.name, { movedAt: items[0]?.endedAt ?? undefined, coolDownMs, now: Date.now() });
  await planOf(cluster, { target: to.target });
}
