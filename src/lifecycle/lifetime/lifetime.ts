import type { Blueprint } from "../../blueprint/model.ts";
import type { Cluster } from "../../store/clusters.ts";
import { readSource, sourceOf } from "../source.ts";

/** By which a cluster sleeps, wakes and ends without anybody asking. */
export interface Lifetime {
  readonly ttlMs: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  /** Cron expressions, in `timeZone`. */
  readonly sleep: string | undefined;
  readonly wake: string | undefined;
  readonly timeZone: string;
}

/** Undefined for a cluster that only people put to sleep, wake and end. */
function lifetimeOf({ cluster: { ttlMs, hibernation } }: Blueprint): Lifetime | undefined {
  const { enabled, timeZone } = hibernation;
  const { idleTimeoutMs, sleep, wake } = enabled ? hibernation : never;
  if (ttlMs === undefined && idleTimeoutMs === undefined && sleep === undefined && wake === undefined) return undefined;
  return { ttlMs, idleTimeoutMs, sleep, wake, timeZone };
}

/** The rules of a recorded cluster; undefined also where its blueprint was not recorded. @throws SwarmError SW500 where that is not valid any more */
export async function readLifetime(cluster: Cluster): Promise<Lifetime | undefined> {
  return cluster.blueprintText === null ? undefined : lifetimeOf(await readSource(sourceOf(cluster), undefined));
}

const never = { idleTimeoutMs: undefined, sleep: undefined, wake: undefined };
