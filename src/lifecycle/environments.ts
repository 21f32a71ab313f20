import { loadBlueprint, readBlueprintFile } from "../blueprint/load.ts";
import { requireTargetPackages } from "../components/target-packages.ts";
import { SwarmError } from "../errors.ts";
import type { Cluster } from "../store/clusters.ts";
import { toJson } from "../store/json.ts";
import { findCluster } from "./book.ts";
import { destroyCluster, type On, reactivateCluster, type UpRequest } from "./lifecycle.ts";
import type { LeftOperation } from "./lifetime/decide.ts";
import { leftOf } from "./lifetime/situation.ts";
import { type Performed, perform, resumeOperation } from "./perform.ts";
import { refuseOrdinary } from "./refusals.ts";
import type { Source } from "./run.ts";
import { sourceOf } from "./source.ts";
import { withRecords } from "./with-records.ts";
import type { LifecycleOptions } from "./work.ts";

export interface EnvironmentRequest extends Omit<UpRequest, "file"> {
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
    const { cluster, left } = found;
    if (cluster !== undefined && cluster.status !== "PLANNING") refuseOrdinary(cluster);
    try {
      if (left !== undefined) await resumeOperation(options, left.id, waitMs);
      else if (cluster?.status === "HIBERNATED") await reactivateCluster(options, { cluster: name, waitMs });
      else {
        const wish = toJson({ source: given ?? recorded(cluster, name), target, change, environmentUntil: until });
        return await perform(options, { cluster: name, kind: "spawn", waitMs, wish });
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
export async function removeEnvironment(options: LifecycleOptions, on: On): Promise<Performed> {
  try {
    return await destroyCluster(options, { ...on, purge: true, judge: async (cluster) => refuseOrdinary(cluster) });
  } catch (error) {
    if (!(error instanceof SwarmError && error.code === "SW620" && error.values.state === "DESTROYED")) throw error;
    throw new SwarmError("SW605", `environment ${on.cluster} was removed in the meantime`, { cause: error });
  }
}

async function readValid(file: string, target: UpRequest["target"]): Promise<Source> {
  requireTargetPackages((await loadBlueprint(file, { target })).cluster.target.kind);
  return { file, text: await readBlueprintFile(file) };
}

function recorded(cluster: Cluster | undefined, name: string): Source {
  if (cluster?.blueprintText != null) return sourceOf(cluster);
  throw new SwarmError("SW605", `there is no environment ${name} that runs a blueprint, and none was given`, {
    hints: [`swarmctl env up FILE --name ${name}`],
  });
}

interface Look {
  readonly cluster: Cluster | undefined;
  /** What nothing else may follow before it has ended: a hibernation, a reactivation, a destroy. */
  readonly left: LeftOperation | undefined;
}

function lookAt({ settings }: LifecycleOptions, name: string): Promise<Look> {
  return withRecords(settings, async (store) => {
    const cluster = await findCluster(store, name);
    return { cluster, left: cluster && (await leftOf(store, cluster.id)) };
  });
}

function isAboutState(error: unknown): boolean {
  return error instanceof SwarmError && (error.code === "SW620" || error.code === "SW621");
}

/** Whether somebody else has finished, woken or removed it meanwhile: then it is another question. */
function hasMoved(before: Look, now: Look): boolean {
  const words = ({ cluster, left }: Look) => [cluster?.id, cluster?.version, left?.id].join();
  return words(before) !== words(now);
}
