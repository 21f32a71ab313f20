import type { Blueprint, TargetKind } from "../../blueprint/model.ts";
import { findCluster } from "../../lifecycle/records/cluster-repository.ts";
import { listScalers } from "../../lifecycle/records/scaler-lease.ts";
import { withRecords } from "../../lifecycle/records/with-records.ts";
import { scaledByUs } from "../../plan/scaled-by-us.ts";
import type { Context } from "../context.ts";

interface Noted {
  readonly request: { readonly cluster: string; readonly target?: TargetKind | undefined };
  readonly blueprint: Blueprint;
}

/** Says so when the blueprint of a cluster has rules for an autoscaler, and none runs for it. */
export async function noteAutoscaler(
  { output, settings }: Pick<Context, "output" | "settings">,
  { request: { cluster, target }, blueprint }: Noted,
): Promise<void> {
  const scaled = scaledByUs(blueprint, target);
  if (scaled.length === 0 || output.json) return;
  const runs = await withRecords(settings, async (store) => {
    const scalers = await listScalers(store);
    const row = await findCluster(store, cluster);
    // One that scales other clusters attends to a new one too.
    return row === undefined ? scalers.size > 0 : scalers.has(row.id);
  }).catch(() => true);
  if (runs) return;
  output.note(
    `no autoscaler runs for ${cluster}: ${scaled.join(", ")} keep their counts until swarmctl autoscaler runs`,
  );
}
