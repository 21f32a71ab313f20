import type { LifecycleState } from "../../store/clusters.ts";
import type { Lifetime } from "./lifetime.ts";
import { timesAround } from "./schedule.ts";

/** What the agents of a cluster do. No data is a kind of its own, and never idle. */
export type Activity =
  | { readonly kind: "quiet"; readonly quietMs: number }
  | { readonly kind: "busy"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

/** An operation that has not ended, or has failed. */
export interface AbandonedOperation {
  readonly id: string;
  readonly kind: string;
  readonly actor: string;
  /** It was begun by these rules, not by a person. */
  readonly isOurs: boolean;
}

export interface ClusterCondition {
  readonly status: LifecycleState;
  /** When it was first asked for. */
  readonly createdAt: number;
  /** Since when it is awake, or asleep. */
  readonly since: number;
  /** Undefined: nobody has asked yet. */
  readonly activity: Activity | undefined;
  readonly abandoned: AbandonedOperation | undefined;
  /** Times of the schedule are so much later for this cluster, that not all of an hour start in one moment. */
  readonly jitterMs: number;
}

export type Decision =
  | { readonly action: "hibernate" | "reactivate" | "destroy"; readonly reason: string; readonly ifIdle: boolean }
  | { readonly action: "resume"; readonly reason: string; readonly operation: string }
  /** It depends on what its agents do. */
  | { readonly action: "ask" }
  /** Nothing; `nextAt` is the earliest moment at which that can be otherwise while nobody changes the cluster. */
  | { readonly action: "none"; readonly reason: string; readonly nextAt: number | undefined };

/**
 * What the rules of a cluster want done with it now. A time of the schedule counts when it has come since the cluster is
 * awake, or asleep: whoever wakes it by hand after its hour keeps it until the next one. One that was missed is made up for,
 * unless its opposite has come since.
 */
export function decide(rules: Lifetime, condition: ClusterCondition, now: number): Decision {
  const { status, createdAt, abandoned } = condition;
  const livesUntil = rules.ttlMs === undefined ? undefined : createdAt + rules.ttlMs;
  const endsAt = earliest(livesUntil, rules.until);
  if (status === "DESTROYED") return none("it is gone", undefined);
  if (endsAt !== undefined && now >= endsAt && status !== "DESTROYING") {
    const what = endsAt === livesUntil ? `its time to live of ${words(rules.ttlMs)}` : "its time as an environment";
    return { action: "destroy", reason: `${what} is over`, ifIdle: false };
  }
  // Nobody comes back for an environment that is half gone: whoever removed it was a runner.
  const isHalfGone = status === "DESTROYING" && rules.until !== undefined;
  if (abandoned !== undefined && (abandoned.isOurs || isHalfGone)) {
    return { action: "resume", reason: `${abandoned.kind} was left by ${abandoned.actor}`, operation: abandoned.id };
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
    return { action: "hibernate", reason: `it sleeps at "${rules.sleep}" (${rules.timeZone})`, ifIdle: false };
  }
  const otherwise = earliest(endsAt, sleep.next);
  if (rules.idleTimeoutMs === undefined) return none("its hour has not come", otherwise);
  const idleAt = condition.since + rules.idleTimeoutMs;
  if (now < idleAt) return none(`it is awake for ${words(now - condition.since)}`, earliest(otherwise, idleAt));
  return whenIdle(condition.activity, rules.idleTimeoutMs, now, otherwise);
}

function whenIdle(
  activity: Activity | undefined,
  timeoutMs: number,
  now: number,
  otherwise: number | undefined,
): Decision {
  switch (activity?.kind) {
    case undefined:
      return { action: "ask" };
    case "busy":
      return none(activity.why, earliest(otherwise, now + timeoutMs));
    case "unknown":
      // Not known for now: it is asked again soon.
      return none(`not known whether it works: ${activity.why}`, earliest(otherwise, now));
    case "quiet": {
      const reason = `idle for ${words(activity.quietMs)}`;
      if (activity.quietMs >= timeoutMs) {
        return { action: "hibernate", reason: `${reason}, of ${words(timeoutMs)}`, ifIdle: true };
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
  // Of one moment for both, waking is the safer one.
  const sleptSince = sleep.last === wake.last ? undefined : sleep.last;
  if (isDue(wake.last, sleptSince, condition.since)) {
    return { action: "reactivate", reason: `it wakes at "${rules.wake}" (${rules.timeZone})`, ifIdle: false };
  }
  return none("it sleeps", earliest(endsAt, wake.next));
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

/** A duration in the words of a blueprint, by its two largest units. */
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
