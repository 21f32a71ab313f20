import { parseSource } from "../../blueprint/load.ts";
import type { Blueprint } from "../../blueprint/model.ts";
import { type Autostop, recordedAutostop } from "../../plan/autostop.ts";
import type { Cluster } from "../../store/clusters.ts";
import { sourceOf } from "../source.ts";

/** Rules of automatic hibernation, reactivation and expiry: of the blueprint, and set at run time. */
export interface Lifetime {
  readonly ttlMs: number | undefined;
  /** Expiry of an environment in milliseconds since the epoch. */
  readonly until: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  /** Time of one hibernation, in milliseconds since the epoch. */
  readonly stopAt: number | undefined;
  /** Cron expressions in `timeZone`. */
  readonly sleep: string | undefined;
  readonly wake: string | undefined;
  readonly timeZone: string;
  /** Set at run time in place of the blueprint's `idle_timeout` and `sleep`; undefined: those apply. */
  readonly autostop: Autostop | undefined;
}

type Rules = Omit<Lifetime, "until" | "stopAt" | "autostop">;

const never = { idleTimeoutMs: undefined, sleep: undefined, wake: undefined };
const unruled: Rules = { ...never, ttlMs: undefined, timeZone: "UTC" };

function rulesOf({ cluster: { ttlMs, hibernation } }: Blueprint): Rules {
  const { enabled, timeZone } = hibernation;
  const { idleTimeoutMs, sleep, wake } = enabled ? hibernation : never;
  return { ttlMs, idleTimeoutMs, sleep, wake, timeZone };
}

/** Applies what was set at run time; `wake` and the time to live stay those of the blueprint. */
export function withAutostop(rules: Rules, autostop: Autostop | undefined): Omit<Lifetime, "until"> {
  if (autostop === undefined) return { ...rules, stopAt: undefined, autostop };
  return { ...rules, idleTimeoutMs: autostop.idleMs, sleep: undefined, stopAt: autostop.at, autostop };
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
  const blueprintRules = isOver || cluster.blueprintText === null ? unruled : rulesOf(parseSource(sourceOf(cluster)));
  const rules = withAutostop(blueprintRules, isOver ? undefined : recordedAutostop(cluster.wish));
  const { ttlMs, idleTimeoutMs, stopAt, sleep, wake, autostop } = rules;
  return [until, ttlMs, idleTimeoutMs, stopAt, sleep, wake, autostop].every((rule) => rule === undefined)
    ? undefined
    : { ...rules, until };
}
