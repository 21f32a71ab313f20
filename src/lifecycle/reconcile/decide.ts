import type { LifecycleState } from "../../store/clusters.ts";
import type { Lifetime } from "./lifetime.ts";
import { timesAround } from "./schedule.ts";

/** Activity of a cluster's agents; `unknown` never counts as idle. */
export type Activity =
  | { readonly kind: "quiet"; readonly quietMs: number }
  | { readonly kind: "busy"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

/** An operation that is running or has failed. */
export interface AbandonedOperation {
  readonly id: string;
  readonly kind: string;
  readonly actor: string;
  /** Started by a reconciler, not by a user. */
  readonly isOurs: boolean;
}

export interface ClusterCondition {
  readonly status: LifecycleState;
  /** Creation of the cluster. */
  readonly createdAt: number;
  /** Time of the last hibernation or reactivation. */
  readonly since: number;
  /** Time at which autostop was set; idle time before it does not count. */
  readonly ruledSince: number;
  /** Undefined when it was not read yet. */
  readonly activity: Activity | undefined;
  readonly abandoned: AbandonedOperation | undefined;
  /** Delay of this cluster's schedules, which spreads simultaneous ones. */
  readonly jitterMs: number;
}

export type Decision =
  | { readonly action: "hibernate" | "reactivate" | "destroy"; readonly reason: string; readonly ifIdle: boolean }
  | { readonly action: "resume"; readonly reason: string; readonly operation: string }
  /** The activity is needed. */
  | { readonly action: "ask" }
  /** No action; `nextAt` is the earliest time the decision can change while the cluster does not. */
  | { readonly action: "none"; readonly reason: string; readonly nextAt: number | undefined };

/**
 * Decides the action that the lifetime rules of a cluster require now. A scheduled time counts if it is later than the last
 * hibernation or reactivation, so a cluster that was reactivated by hand stays active until the next scheduled time. A missed time
 * is made up for, unless the opposite schedule has fired since.
 */
export function decide(rules: Lifetime, condition: ClusterCondition, now: number): Decision {
  const { status, createdAt, abandoned } = condition;
  const livesUntil = rules.ttlMs === undefined ? undefined : createdAt + rules.ttlMs;
  const endsAt = earliest(livesUntil, rules.until);
  if (status === "DESTROYED") return none("it is destroyed", undefined);
  if (endsAt !== undefined && now >= endsAt && status !== "DESTROYING") {
    const what = endsAt === livesUntil ? `its time to live of ${words(rules.ttlMs)}` : "its lifetime as an environment";
    return { action: "destroy", reason: `${what} is over`, ifIdle: false };
  }
  // No user resumes the removal of an environment: it was started by a CI runner.
  const isHalfGone = status === "DESTROYING" && rules.until !== undefined;
  if (abandoned !== undefined && (abandoned.isOurs || isHalfGone)) {
    return {
      action: "resume",
      reason: `${abandoned.kind} of ${abandoned.actor} was interrupted`,
      operation: abandoned.id,
    };
  }
  switch (status) {
    case "ACTIVE":
      return whileAwake(rules, condition, now, endsAt);
    case "HIBERNATED":
      return whileAsleep(rules, condition, now, endsAt);
    default:
      return none(
        abandoned === undefined ? `it is ${status}` : `${abandoned.kind} of ${abandoned.actor} has not ended`,
        endsAt,
      );
  }
}

function whileAwake(rules: Lifetime, condition: ClusterCondition, now: number, endsAt: number | undefined): Decision {
  const sleep = timesOf(rules.sleep, rules, condition, now);
  const wake = timesOf(rules.wake, rules, condition, now);
  if (isDue(sleep.last, wake.last, condition.since)) {
    return { action: "hibernate", reason: `scheduled: sleep "${rules.sleep}" (${rules.timeZone})`, ifIdle: false };
  }
  const { stopAt } = rules;
  if (stopAt !== undefined && now >= stopAt && stopAt > condition.since) {
    return { action: "hibernate", reason: `autostop at ${new Date(stopAt).toISOString()}`, ifIdle: false };
  }
  const otherwise = earliest(endsAt, sleep.next, stopAt !== undefined && stopAt > now ? stopAt : undefined);
  if (rules.idleTimeoutMs === undefined) return none("no schedule is due", otherwise);
  const countedFrom = Math.max(condition.since, condition.ruledSince);
  const idleAt = countedFrom + rules.idleTimeoutMs;
  if (now < idleAt) return none(`active for ${words(now - countedFrom)}`, earliest(otherwise, idleAt));
  const limit = { ms: rules.idleTimeoutMs, name: rules.autostop === undefined ? "idle_timeout" : "autostop" };
  return whenIdle(condition.activity, limit, now, otherwise);
}

function whenIdle(
  activity: Activity | undefined,
  { ms: timeoutMs, name }: { readonly ms: number; readonly name: string },
  now: number,
  otherwise: number | undefined,
): Decision {
  switch (activity?.kind) {
    case undefined:
      return { action: "ask" };
    case "busy":
      return none(activity.why, earliest(otherwise, now + timeoutMs));
    case "unknown":
      // Retried at the next interval.
      return none(`activity unknown: ${activity.why}`, earliest(otherwise, now));
    case "quiet": {
      const reason = `idle for ${words(activity.quietMs)}`;
      if (activity.quietMs >= timeoutMs) {
        return { action: "hibernate", reason: `${reason}, ${name} is ${words(timeoutMs)}`, ifIdle: true };
      }
      return none(reason, earliest(otherwise, now + timeoutMs - activity.quietMs));
    }
    default:
      return activity satisfies never;
  }
}

function whileAsleep(rules: Lifetime, condition: ClusterCondition, now: number, endsAt: number | undefined): Decision {
  const wake = timesOf(rules.wake, rules, condition, now);
  const sleep = timesOf(rules.sleep, rules, condition, now);
  // If both are due at the same time, reactivation is the safer one.
  const sleptSince = sleep.last === wake.last ? undefined : sleep.last;
  if (isDue(wake.last, sleptSince, condition.since)) {
    return { action: "reactivate", reason: `scheduled: wake "${rules.wake}" (${rules.timeZone})`, ifIdle: false };
  }
  return none("hibernated", earliest(endsAt, wake.next));
}

function timesOf(
  expression: string | undefined,
  { timeZone }: Lifetime,
  { jitterMs }: ClusterCondition,
  now: number,
): { readonly last: number | undefined; readonly next: number | undefined } {
  if (expression === undefined) return { last: undefined, next: undefined };
  const { last, next } = timesAround(expression, timeZone, now - jitterMs);
  return { last: last && last + jitterMs, next: next && next + jitterMs };
}

function isDue(time: number | undefined, opposite: number | undefined, since: number): boolean {
  return time !== undefined && time > since && (opposite === undefined || opposite < time);
}

function none(reason: string, nextAt: number | undefined): Decision {
  return { action: "none", reason, nextAt };
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** Formats a duration as in a blueprint, with its two largest units. */
function words(ms = 0): string {
  const parts: string[] = [];
  let left = Math.max(0, ms);
  for (const [unit, unitMs] of units) {
    const amount = Math.floor(left / unitMs);
    left -= amount * unitMs;
    if (amount > 0) parts.push(`${amount} ${unit}${amount === 1 ? "" : "s"}`);
  }
  return parts.length === 0 ? "0 seconds" : parts.slice(0, 2).join(" ");
}
