import type { Blueprint } from "../../blueprint/model.ts";
import type { Cluster } from "../../store/clusters.ts";
import { readSource, sourceOf } from "../source.ts";

/** By which a cluster sleeps, wakes and ends without anybody asking. */
export interface Lifetime {
  readonly ttlMs: number | undefined;
  /** When an environment ends, in milliseconds since the epoch. */
  readonly until: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  /** Cron expressions, in `timeZone`. */
  readonly sleep: string | undefined;
  readonly wake: string | undefined;
  readonly timeZone: string;
}

const never = { idleTimeoutMs: undefined, sleep: undefined, wake: undefined };
const unruled = { ...never, ttlMs: undefined, timeZone: "UTC" };

function rulesOf({ cluster: { ttlMs, hibernation } }: Blueprint): Omit<Lifetime, "until"> {
  const { enabled, timeZone } = hibernation;
  const { idleTimeoutMs, sleep, wake } = enabled ? hibernation : never;
  return { ttlMs, idleTimeoutMs, sleep, wake, timeZone };
}

/**
 * The rules of a recorded cluster: those of its blueprint where that was recorded, and its end as an environment. That one
 * asks for no blueprint once it has come, which may not be valid any more, or was never recorded.
 *
 * @returns undefined for a cluster that only people put to sleep, wake and end
 * @throws SwarmError SW500 where its blueprint is not valid any more
 */
export async function readLifetime(cluster: Cluster, now: number): Promise<Lifetime | undefined> {
  const until = cluster.environmentUntil ?? undefined;
  const isOver = until !== undefined && now >= until;
  const rules =
    isOver || cluster.blueprintText === null ? unruled : rulesOf(await readSource(sourceOf(cluster), undefined));
  const { ttlMs, idleTimeoutMs, sleep, wake } = rules;
  return [until, ttlMs, idleTimeoutMs, sleep, wake].every((rule) => rule === undefined)
    ? undefined
    : { ...rules, until };
}
