import { parseSource } from "../../blueprint/load.ts";
import type { Blueprint } from "../../blueprint/model.ts";
import type { Cluster } from "../../store/clusters.ts";
import { sourceOf } from "../source.ts";

/** Rules of automatic hibernation, reactivation and expiry. */
export interface Lifetime {
  readonly ttlMs: number | undefined;
  /** Expiry of an environment in milliseconds since the epoch. */
  readonly until: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  /** Cron expressions in `timeZone`. */
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
 * Reads the lifetime rules of a cluster from its recorded blueprint and its expiry. An expired environment needs no blueprint, which
 * may be invalid or not recorded.
 *
 * @returns undefined for a cluster without rules
 * @throws SwarmError SW500 when the recorded blueprint is not valid in this version
 */
export async function readLifetime(cluster: Cluster, now: number): Promise<Lifetime | undefined> {
  const until = cluster.environmentUntil ?? undefined;
  const isOver = until !== undefined && now >= until;
  const rules = isOver || cluster.blueprintText === null ? unruled : rulesOf(parseSource(sourceOf(cluster)));
  const { ttlMs, idleTimeoutMs, sleep, wake } = rules;
  return [until, ttlMs, idleTimeoutMs, sleep, wake].every((rule) => rule === undefined)
    ? undefined
    : { ...rules, until };
}
