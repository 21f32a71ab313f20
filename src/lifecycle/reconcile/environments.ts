import type { BlueprintSource } from "../../blueprint/load.ts";
import type { TargetKind } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import type { DesiredStatePatch } from "../../plan/desired-state.ts";
import type { Cluster } from "../../store/clusters.ts";
import { type ClusterRequest, type Performed, perform, resumeOperation } from "../executor/perform.ts";
import { refuseOrdinary } from "../executor/refusals.ts";
import { destroy } from "../operations/destroy.ts";
import { reactivate } from "../operations/reactivate.ts";
import { refuseInvalid, spawn } from "../operations/up.ts";
import type { LifecycleOptions } from "../options.ts";
import { findCluster } from "../records/cluster-repository.ts";
import { withRecords } from "../records/with-records.ts";
import { sourceOf } from "../source.ts";
import { findAbandoned } from "./cluster-condition.ts";
import type { AbandonedOperation } from "./decide.ts";

export interface EnvironmentRequest extends ClusterRequest {
  readonly target: TargetKind | undefined;
  readonly change: DesiredStatePatch;
  /** The blueprint; default: the one that the environment runs. */
  readonly source: BlueprintSource | undefined;
  /** Expiry in milliseconds since the epoch. */
  readonly until: number;
}

/** Maximum attempts when the environment changes concurrently. */
const mostLooks = 10;

/**
 * Creates or updates an environment from any state and renews its expiry. Reactivates a hibernated environment, and resumes an
 * interrupted hibernation, reactivation or destroy first.
 *
 * @throws SwarmError as `perform`, SW500 for the blueprint, SW605 without an environment and a blueprint, SW627 for a cluster that
 *   is not an environment
 */
export async function bringEnvironmentUp(options: LifecycleOptions, request: EnvironmentRequest): Promise<Performed> {
  const { cluster: name, waitMs, source: given, target, change, until } = request;
  if (given !== undefined) refuseInvalid(given, target);
  for (let look = 1; ; look++) {
    const found = await lookAt(options, name);
    const { cluster, left: abandoned } = found;
    if (cluster !== undefined && cluster.status !== "PLANNING") refuseOrdinary(cluster);
    try {
      if (abandoned !== undefined) await resumeOperation(options, abandoned.id, waitMs);
      else if (cluster?.status === "HIBERNATED") await perform(options, reactivate, { cluster: name, waitMs }, {});
      else {
        const source = given ?? recorded(cluster, name);
        const input = { source, target, change, environmentUntil: until };
        return await perform(options, spawn, { cluster: name, waitMs }, input);
      }
    } catch (error) {
      if (look === mostLooks || !isAboutState(error) || !hasMoved(found, await lookAt(options, name))) throw error;
    }
  }
}

/**
 * Removes an environment and its data.
 *
 * @throws SwarmError as `perform`, SW605 when it does not exist, SW627 for a cluster that is not an environment
 */
export async function removeEnvironment(options: LifecycleOptions, on: ClusterRequest): Promise<Performed> {
  try {
    const judge = async (cluster: Cluster) => refuseOrdinary(cluster);
    return await perform(options, destroy, { ...on, judge }, { purge: true });
  } catch (error) {
    if (!(error instanceof SwarmError && error.code === "SW620" && error.values.state === "DESTROYED")) throw error;
    throw new SwarmError("SW605", `environment ${on.cluster} was removed concurrently`, { cause: error });
  }
}

function recorded(cluster: Cluster | undefined, name: string): BlueprintSource {
  if (cluster?.blueprintText != null) return sourceOf(cluster);
  throw new SwarmError("SW605", `environment ${name} has no recorded blueprint, and no file was given`, {
    hints: [`swarmctl env up FILE --cluster ${name}`],
  });
}

interface Look {
  readonly cluster: Cluster | undefined;
  /** An unfinished hibernation, reactivation or destroy, which must end first. */
  readonly left: AbandonedOperation | undefined;
}

function lookAt({ settings }: LifecycleOptions, name: string): Promise<Look> {
  return withRecords(settings, async (store) => {
    const cluster = await findCluster(store, name);
    return { cluster, left: cluster && (await findAbandoned(store, cluster.id)) };
  });
}

function isAboutState(error: unknown): boolean {
  return error instanceof SwarmError && (error.code === "SW620" || error.code === "SW621");
}

/** Whether the environment changed concurrently, so that the request must be retried. */
function hasMoved(before: Look, now: Look): boolean {
  const words = ({ cluster, left: abandoned }: Look) => [cluster?.id, cluster?.version, abandoned?.id].join();
  return words(before) !== words(now);
}
