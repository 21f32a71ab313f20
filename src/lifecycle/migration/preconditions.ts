import { type Movable, moveFormat } from "../../agent-api/control/move-wire.ts";
import type { TargetKind } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import { readCluster } from "../../stacks/state.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import { instancesOf, reached } from "../instances.ts";
import type { LifecycleOptions } from "../options.ts";
import type { Run } from "../run.ts";
import { planOf } from "../source.ts";

/** How long a cluster stays where it has come to, unless somebody says otherwise. */
export const defaultCoolDownMs = 600_000;

/**
 * A cluster does not go to and fro: who has moved lately stays.
 *
 * @param movedAt when the last migration ended, in milliseconds since the epoch; undefined: there was none
 * @throws SwarmError SW626 with what is left of the time
 */
export function refuseHot(
  cluster: string,
  {
    movedAt,
    coolDownMs,
    now,
  }: { readonly movedAt: number | undefined; readonly coolDownMs: number; readonly now: number },
): void {
  const leftMs = movedAt === undefined ? 0 : movedAt + coolDownMs - now;
  if (leftMs <= 0) return;
  const seconds = Math.ceil(leftMs / 1000);
  throw new SwarmError("SW626", `cluster ${cluster} has moved only just now, and stays for ${seconds} s more`, {
    hints: ["wait, or move it all the same: --cool-down 0s"],
    values: { cluster, movedAt, coolDownMs, leftMs },
  });
}

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
  const { place: location } = (await readCluster(settings, engine, cluster.activeStack)) ?? {};
  if (location?.target === to.target && (to.context === undefined || to.context === location.context)) {
    throw new SwarmError("SW625", `cluster ${cluster.name} runs on ${describeTarget(to)} already`, {
      hints: ["name another target, or another context of this one: --context"],
      values: { place: location, to },
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

/**
 * Only a server that speaks of states as we do, and lets nobody in before this operation says so, can be given a cluster.
 *
 * @throws SwarmError SW625 with what it says of itself
 */
export function refuseFormatMismatch(
  stack: string,
  found: Pick<Movable, "version" | "format" | "shutFor">,
  operation: string,
): void {
  const { version, format, shutFor: fencedFor } = found;
  if (fencedFor === operation && format === moveFormat) return;
  const what = format === moveFormat ? "does not wait for this operation" : `carries states in format ${format}`;
  throw new SwarmError("SW625", `the agent server of ${stack}, of version ${version}, ${what}`, {
    hints: ["bring its images to this version first: swarmctl images build"],
    values: { stack, version, format, shutFor: fencedFor, expected: { format: moveFormat, shutFor: operation } },
  });
}

/**
 * Only who speaks the agent API can be made to wait for its turn: of one that does not, two would work at the same time, and what it
 * knows is in files that nobody reads.
 *
 * @throws SwarmError SW625 with those that have not registered, SW704 when nobody answers for the cluster
 */
export async function refuseUnmovable(run: Run): Promise<void> {
  const instances = await instancesOf(await reached(run), run.signal);
  const silent = instances.filter(({ epoch, state }) => epoch === undefined && state === "running").map(({ id }) => id);
  if (silent.length === 0) return;
  throw new SwarmError("SW625", `${silent.length} instances do not speak the agent API: ${silent.join(", ")}`, {
    hints: ["an agent that registers can be moved; these can be taken down here, and brought up there"],
    values: { silent },
  });
}
