import type { Lifetime } from "../lifecycle/reconcile/lifetime.ts";
import { duration } from "./output.ts";

/** Describes lifetime rules as the end of "a cluster that ...". */
export function lifetimeWords({ ttlMs, until, idleTimeoutMs, stopAt, sleep, wake, autostop }: Lifetime): string {
  const by = autostop === undefined ? "" : " (autostop)";
  const isOff = autostop !== undefined && autostop.idleMs === undefined && autostop.at === undefined;
  return [
    ...(isOff ? ["does not hibernate by itself (autostop is off)"] : []),
    ...(stopAt === undefined ? [] : [`hibernates at ${new Date(stopAt).toISOString()}${by}`]),
    ...(sleep === undefined ? [] : [`hibernates at "${sleep}"`]),
    ...(wake === undefined ? [] : [`wakes at "${wake}"`]),
    ...(idleTimeoutMs === undefined ? [] : [`hibernates when idle for ${duration(idleTimeoutMs)}${by}`]),
    ...(ttlMs === undefined ? [] : [`expires after ${duration(ttlMs)}`]),
    ...(until === undefined ? [] : [`expires at ${new Date(until).toISOString()}`]),
  ].join(", ");
}
