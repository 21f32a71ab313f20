import { type Movable, moveFormat } from "../../agent-api/control/move-wire.ts";
import type { TargetKind } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import { readCluster } from "../../stacks/state.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import { instancesOf, reached } from "../instances.ts";
import type { LifecycleOptions } from "../options.ts";
import { lastMigration } from "../records/past-operations.ts";
import type { Run } from "../run.ts";
import { planOf } from "../source.ts";

/** Default minimum time between migrations of a cluster. */
export const defaultCoolDownMs = 600_000;

/**
 * Rejects a migration within the cool-down of the last one.
 *
 * @param movedAt end of the last migration in milliseconds since the epoch; undefined without one
 * @throws SwarmError SW626 with the remaining time
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
  throw new SwarmError("SW626", `cluster ${cluster} was migrated recently: its cool-down ends in ${seconds} s`, {
    hints: ["wait, or skip the cool-down: --cool-down 0s"],
    values: { cluster, movedAt, coolDownMs, leftMs },
  });
}

/** The destination of a migration. */
export interface MoveRequest {
  readonly to: { readonly target: TargetKind; readonly context?: string | undefined };
  /** Minimum time since the last migration. */
  readonly coolDownMs: number;
}

/** Checks a migration before anything is written. @throws SwarmError SW625 when the cluster already runs on the target, SW626 within the cool-down */
export async function judgeMove(
  { settings, engine }: Pick<LifecycleOptions, "settings" | "engine">,
  store: Store,
  cluster: Cluster,
  { to, coolDownMs }: MoveRequest,
): Promise<void> {
  const { place: location } = (await readCluster(settings, engine, cluster.activeStack)) ?? {};
  if (location?.target === to.target && (to.context === undefined || to.context === location.context)) {
    throw new SwarmError("SW625", `cluster ${cluster.name} already runs on ${describeTarget(to)}`, {
      hints: ["use another target, or another context: --context NAME"],
      values: { place: location, to },
    });
  }
  const { endedAt } = (await lastMigration(store, cluster.id)) ?? {};
  refuseHot(cluster.name, { movedAt: endedAt ?? undefined, coolDownMs, now: Date.now() });
  planOf(cluster, { target: to.target });
}

/** Formats a target and its context. */
export function describeTarget({ target, context }: MoveRequest["to"]): string {
  return context === undefined ? target : `${target} (${context})`;
}

/**
 * Rejects a destination with another checkpoint format, or one that is not fenced for this operation.
 *
 * @throws SwarmError SW625 with its version and format
 */
export function refuseFormatMismatch(
  stack: string,
  found: Pick<Movable, "version" | "format" | "shutFor">,
  operation: string,
): void {
  const { version, format, shutFor: fencedFor } = found;
  if (fencedFor === operation && format === moveFormat) return;
  const what = format === moveFormat ? "is not fenced for this operation" : `uses checkpoint format ${format}`;
  throw new SwarmError("SW625", `the agent server of ${stack} (version ${version}) ${what}`, {
    hints: ["update its images: swarmctl images build"],
    values: { stack, version, format, shutFor: fencedFor, expected: { format: moveFormat, shutFor: operation } },
  });
}

/**
 * Rejects running instances that do not use the agent API: they cannot be fenced, so two copies would work at the same time, and
 * their state is not in checkpoints.
 *
 * @throws SwarmError SW625 with the unregistered instances, SW704 when the agent server does not respond
 */
export async function refuseUnmovable(run: Run): Promise<void> {
  const instances = await instancesOf(await reached(run), run.signal);
  const silent = instances.filter(({ epoch, state }) => epoch === undefined && state === "running").map(({ id }) => id);
  if (silent.length === 0) return;
  throw new SwarmError("SW625", `${silent.length} instances do not use the agent API: ${silent.join(", ")}`, {
    hints: ["use agents that register, or destroy the cluster here and create it on the other target"],
    values: { silent },
  });
}
