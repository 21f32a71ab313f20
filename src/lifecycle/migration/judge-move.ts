import type { TargetKind } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import { readCluster } from "../../stacks/state.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import type { LifecycleOptions } from "../options.ts";
import { planOf } from "../source.ts";
import { refuseHot } from "./cool-down.ts";

/** Where a cluster is to go. */
export interface MoveRequest {
  readonly to: { readonly target: TargetKind; readonly context?: string | undefined };
  /** How long a cluster that has moved stays where it is. */
  readonly coolDownMs: number;
}

/** What can be said before anything is written. @throws SwarmError SW625 when it cannot be moved there, SW626 when it has moved only just now */
export async function judgeMove(
  { settings, engine }: Pick<LifecycleOptions, "settings" | "engine">,
  store: Store,
  cluster: Cluster,
  { to, coolDownMs }: MoveRequest,
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

export function describeTarget({ target, context }: MoveRequest["to"]): string {
  return context === undefined ? target : `${target} (${context})`;
}
