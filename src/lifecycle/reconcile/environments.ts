import type { TargetKind } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import type { DesiredStatePatch } from "../../plan/desired-state.ts";
import type { Cluster } from "../../store/clusters.ts";
import { type ClusterRequest, type Performed, perform, resumeOperation } from "../executor/perform.ts";
import { refuseOrdinary } from "../executor/refusals.ts";
import { destroy } from "../operations/destroy.ts";
import { reactivate } from "../operations/reactivate.ts";
import { readValid, spawn } from "../operations/up.ts";
import type { LifecycleOptions } from "../options.ts";
import { findCluster } from "../records/cluster-repository.ts";
import { withRecords } from "../records/with-records.ts";
import type { BlueprintSource } from "../run.ts";
import { sourceOf } from "../source.ts";
import { findAbandoned } from "./cluster-condition.ts";
import type { AbandonedOperation } from "./decide.ts";

export interface EnvironmentRequest extends ClusterRequest {
  readonly target: TargetKind | undefined;
  readonly change: DesiredStatePatch;
  /** Absolute path of the blueprint; undefined: the one that the environment runs. */
  readonly file: string | undefined;
  /** When it ends, in milliseconds since the epoch. */
  readonly until: number;
}

/** Others may change the environment between two looks; more often than this nobody does. */
const mostLooks = 10;

/**
 * Brings an environment up, whatever was left of it: one that sleeps is woken, what a runner has left half asleep, half awake
 * or half gone is finished first. Its end is set anew.
 *
 * @throws SwarmError as `perform`, SW500 and SW802 for the file, SW605 where there is none and no file either, SW627 where the
 *   name is that of a cluster which is no environment
 */
export async function bringEnvironmentUp(options: LifecycleOptions, request: EnvironmentRequest): Promise<Performed> {
  const { cluster: name, waitMs, file, target, change, until } = request;
  const given = file === undefined ? undefined : await readValid(file, target);
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
 * Removes an environment and all that it kept.
 *
 * @throws SwarmError as `perform`, SW605 where there is none (any more), SW627 for a cluster that is no environment
 */
export async function removeEnvironment(options: LifecycleOptions, on: ClusterRequest): Promise<Performed> {
  try {
    const judge = async (cluster: Cluster) => refuseOrdinary(cluster);
    return await perform(options, destroy, { ...on, judge }, { purge: true });
  } catch (error) {
    if (!(error instanceof SwarmError && error.code === "SW620" && error.values.state === "DESTROYED")) throw error;
    throw new SwarmError("SW605", `environment ${on.cluster} was removed in the meantime`, { cause: error });
  }
}

function recorded(cluster: Cluster | undefined, name: string): BlueprintSource {
  if (cluster?.blueprintText != null) return sourceOf(cluster);
  throw new SwarmError("SW605", `there is no environment ${name} that runs a blueprint, and none was given`, {
    hints: [`swarmctl env up FILE --name ${name}`],
  });
}

interface Look {
  readonly cluster: Cluster | undefined;
  /** What nothing else may follow before it has ended: a hibernation, a reactivation, a destroy. */
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

/** Whether somebody else has finished, woken or removed it meanwhile: then it is another question. */
function hasMoved(before: Look, now: Look): boolean {
  const words = ({ cluster, left: abandoned }: Look) => [cluster?.id, cluster?.version, abandoned?.id].join();
  return words(before) !== words(now);
}
