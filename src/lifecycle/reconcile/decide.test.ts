import { describe, expect, test } from "vitest";
import { type Activity, type ClusterCondition, type Decision, decide } from "./decide.ts";
import type { Lifetime } from "./lifetime.ts";

const hour = 3_600_000;
const at = (iso: string) => Date.parse(iso);

const free: Lifetime = {
  ...{ ttlMs: undefined, until: undefined, idleTimeoutMs: undefined, sleep: undefined, wake: undefined },
  ...{ stopAt: undefined, autostop: undefined },
  timeZone: "Europe/Berlin",
};
/** Monday to Friday, 7:00 to 20:00 in Berlin. */
const office: Lifetime = { ...free, sleep: "0 20 * * 1-5", wake: "0 7 * * 1-5" };
const idling: Lifetime = { ...free, idleTimeoutMs: hour };

/** Active since noon (UTC) of Tuesday, 2 June 2026. */
const awake: ClusterCondition = {
  ...{ status: "ACTIVE", createdAt: at("2026-06-01T08:00Z"), since: at("2026-06-02T12:00Z") },
  ruledSince: at("2026-06-01T08:00Z"),
  ...{ activity: undefined, abandoned: undefined, jitterMs: 0 },
};
/** Hibernated since 20:00 of the same day in Berlin. */
const asleep: ClusterCondition = { ...awake, status: "HIBERNATED", since: at("2026-06-02T18:00:20Z") };

interface Case {
  readonly name: string;
  readonly rules: Lifetime;
  readonly condition?: Partial<ClusterCondition>;
  readonly now: string;
  readonly action: Decision["action"];
  /** Earliest time of another decision; null for never. */
  readonly nextAt?: string | null;
}

function play(base: ClusterCondition, cases: readonly Case[]): void {
  test.each(cases)("$name", ({ rules, condition, now, action, nextAt }) => {
    const decision = decide(rules, { ...base, ...condition }, at(now));
    expect(decision.action).toBe(action);
    if (decision.action !== "none" || nextAt === undefined) return;
    expect(decision.nextAt).toBe(nextAt === null ? undefined : at(nextAt));
  });
}

describe("autostop", () => {
  const stopAt = at("2026-06-02T16:00Z");
  const once: Lifetime = { ...free, stopAt, autostop: { at: stopAt } };
  const after = { ...idling, autostop: { idleMs: hour } };
  play(awake, [
    { name: "before its time", rules: once, now: "2026-06-02T15:59Z", action: "none", nextAt: "2026-06-02T16:00Z" },
    { name: "at its time, even while busy", rules: once, now: "2026-06-02T16:00Z", action: "hibernate" },
    { name: "later: a missed time is made up for", rules: once, now: "2026-06-03T09:00Z", action: "hibernate" },
    {
      name: "reactivated since: it does not fire again",
      ...{ rules: once, condition: { since: at("2026-06-02T17:00Z") } },
      ...{ now: "2026-06-02T18:00Z", action: "none", nextAt: null },
    },
    {
      name: "the earlier of its time and the end of the lifetime comes next",
      ...{
        rules: { ...once, ttlMs: 30 * hour },
        now: "2026-06-02T12:30Z",
        action: "none",
        nextAt: "2026-06-02T14:00Z",
      },
    },
    {
      name: "idle time before it was set does not count",
      ...{
        rules: after,
        condition: { ruledSince: at("2026-06-02T15:30Z"), activity: { kind: "quiet", quietMs: 9 * hour } },
      },
      ...{ now: "2026-06-02T16:00Z", action: "none", nextAt: "2026-06-02T16:30Z" },
    },
    {
      name: "idle since it was set",
      ...{
        rules: after,
        condition: { ruledSince: at("2026-06-02T15:00Z"), activity: { kind: "quiet", quietMs: 9 * hour } },
      },
      ...{ now: "2026-06-02T16:00Z", action: "hibernate" },
    },
    {
      name: "unknown is not idle",
      ...{ rules: after, condition: { activity: { kind: "unknown", why: "no answer" } } },
      ...{ now: "2026-06-02T16:00Z", action: "none" },
    },
  ]);
  play(asleep, [{ name: "asleep: no action", rules: once, now: "2026-06-03T16:00Z", action: "none", nextAt: null }]);
});

describe("sleep, while active", () => {
  play(awake, [
    {
      name: "before the scheduled time",
      rules: office,
      now: "2026-06-02T17:59:59Z",
      action: "none",
      nextAt: "2026-06-02T18:00Z",
    },
    { name: "at the scheduled time", rules: office, now: "2026-06-02T18:00Z", action: "hibernate" },
    { name: "later: a missed time is made up for", rules: office, now: "2026-06-02T22:00Z", action: "hibernate" },
    { name: "after the next wake: no action", rules: office, now: "2026-06-03T05:00Z", action: "none" },
    {
      name: "reactivated by hand: active until the next scheduled time",
      ...{ rules: office, condition: { since: at("2026-06-02T19:00Z") } },
      ...{ now: "2026-06-02T20:00Z", action: "none", nextAt: "2026-06-03T18:00Z" },
    },
    {
      name: "no schedule on Saturday",
      ...{ rules: office, condition: { since: at("2026-06-06T09:00Z") } },
      ...{ now: "2026-06-06T19:00Z", action: "none", nextAt: "2026-06-08T18:00Z" },
    },
    {
      name: "sleep and wake at the same time: stays active",
      ...{ rules: { ...office, sleep: "0 20 * * *", wake: "0 20 * * *" }, now: "2026-06-02T18:00Z", action: "none" },
    },
    {
      name: "busy: hibernates, its agents drain",
      ...{ rules: office, condition: { activity: { kind: "busy", why: "at work" } } },
      ...{ now: "2026-06-02T18:00Z", action: "hibernate" },
    },
    {
      name: "jitter: before the delayed time",
      ...{ rules: office, condition: { jitterMs: 17_000 } },
      ...{ now: "2026-06-02T18:00:16Z", action: "none", nextAt: "2026-06-02T18:00:17Z" },
    },
    {
      name: "jitter: at the delayed time",
      ...{ rules: office, condition: { jitterMs: 17_000 }, now: "2026-06-02T18:00:17Z", action: "hibernate" },
    },
    {
      name: "a date that does not exist",
      ...{ rules: { ...free, sleep: "0 0 31 2 *" }, now: "2026-06-02T18:00Z", action: "none", nextAt: null },
    },
  ]);
});

describe("wake, while hibernated", () => {
  play(asleep, [
    {
      name: "before the scheduled time",
      rules: office,
      now: "2026-06-03T04:59:59Z",
      action: "none",
      nextAt: "2026-06-03T05:00Z",
    },
    { name: "at the scheduled time", rules: office, now: "2026-06-03T05:00Z", action: "reactivate" },
    { name: "later: a missed time is made up for", rules: office, now: "2026-06-03T11:00Z", action: "reactivate" },
    { name: "after the next sleep: no action", rules: office, now: "2026-06-03T18:30Z", action: "none" },
    {
      name: "over the weekend",
      ...{ rules: office, condition: { since: at("2026-06-05T18:00:20Z") } },
      ...{ now: "2026-06-07T12:00Z", action: "none", nextAt: "2026-06-08T05:00Z" },
    },
    {
      name: "idle rules do not apply while hibernated",
      rules: idling,
      now: "2026-06-09T00:00Z",
      action: "none",
      nextAt: null,
    },
    {
      name: "no wake schedule",
      rules: { ...office, wake: undefined },
      now: "2026-06-09T00:00Z",
      action: "none",
    },
  ]);
});

describe("daylight saving time (Berlin: forward on 29 March, back on 25 October 2026)", () => {
  const spring = { since: at("2026-03-28T12:00Z") };
  const autumn = { since: at("2026-10-24T12:00Z") };
  play(awake, [
    {
      name: "20:00 in winter",
      rules: office,
      condition: { since: at("2026-01-05T12:00Z") },
      now: "2026-01-05T18:59Z",
      action: "none",
      nextAt: "2026-01-05T19:00Z",
    },
    {
      name: "2:30 is skipped: fires at 3:00",
      rules: { ...free, sleep: "30 2 * * *" },
      condition: spring,
      now: "2026-03-29T00:30Z",
      action: "none",
      nextAt: "2026-03-29T01:00Z",
    },
    {
      name: "after the skipped 2:30",
      rules: { ...free, sleep: "30 2 * * *" },
      condition: spring,
      now: "2026-03-29T01:05Z",
      action: "hibernate",
    },
    {
      name: "2:30 occurs twice: the first counts",
      rules: { ...free, sleep: "30 2 * * *" },
      condition: autumn,
      now: "2026-10-25T00:30Z",
      action: "hibernate",
    },
    {
      name: "2:30 occurs twice: the second does not count",
      rules: { ...free, sleep: "30 2 * * *" },
      condition: { since: at("2026-10-25T00:40Z") },
      now: "2026-10-25T01:35Z",
      action: "none",
      nextAt: "2026-10-26T01:30Z",
    },
    {
      name: "another time zone",
      rules: { ...office, timeZone: "America/New_York" },
      now: "2026-06-02T23:59Z",
      action: "none",
      nextAt: "2026-06-03T00:00Z",
    },
  ]);
});

describe("idle", () => {
  const during = (activity: Activity | undefined, more: Partial<ClusterCondition> = {}) => ({ activity, ...more });
  play(awake, [
    {
      name: "active for less than the timeout: no need to read the activity",
      rules: idling,
      now: "2026-06-02T12:30Z",
      action: "none",
      nextAt: "2026-06-02T13:00Z",
    },
    { name: "active for longer: the activity is read", rules: idling, now: "2026-06-02T13:00Z", action: "ask" },
    {
      name: "quiet for less than the timeout",
      rules: idling,
      condition: during({ kind: "quiet", quietMs: hour / 4 }),
      now: "2026-06-02T14:00Z",
      action: "none",
      nextAt: "2026-06-02T14:45Z",
    },
    {
      name: "quiet for long enough",
      rules: idling,
      condition: during({ kind: "quiet", quietMs: hour }),
      now: "2026-06-02T14:00Z",
      action: "hibernate",
    },
    {
      name: "busy",
      rules: idling,
      condition: during({ kind: "busy", why: "1 task" }),
      now: "2026-06-02T14:00Z",
      action: "none",
      nextAt: "2026-06-02T15:00Z",
    },
    {
      name: "unknown activity is not idle, and is retried",
      rules: idling,
      condition: during({ kind: "unknown", why: "no answer" }),
      now: "2026-06-12T14:00Z",
      action: "none",
      nextAt: "2026-06-12T14:00Z",
    },
    {
      name: "unknown activity does not block a schedule",
      rules: { ...office, idleTimeoutMs: hour },
      condition: during({ kind: "unknown", why: "no answer" }),
      now: "2026-06-02T18:00Z",
      action: "hibernate",
    },
    {
      name: "busy until the scheduled time",
      rules: { ...office, idleTimeoutMs: 6 * hour },
      condition: during({ kind: "busy", why: "1 task" }),
      now: "2026-06-02T18:00Z",
      action: "hibernate",
    },
  ]);
});

describe("time to live", () => {
  const short: Lifetime = { ...office, ttlMs: 48 * hour };
  const left = { id: "op-1", kind: "hibernate", actor: "ada@desk", isOurs: false };
  play(awake, [
    { name: "before its end", rules: short, now: "2026-06-03T07:59:59Z", action: "none", nextAt: "2026-06-03T08:00Z" },
    { name: "at its end", rules: short, now: "2026-06-03T08:00Z", action: "destroy" },
    {
      name: "over while hibernated",
      rules: short,
      condition: { status: "HIBERNATED" },
      now: "2026-06-03T08:00Z",
      action: "destroy",
    },
    {
      name: "over while failed",
      rules: short,
      condition: { status: "FAILED" },
      now: "2026-06-03T08:00Z",
      action: "destroy",
    },
    {
      name: "over while an operation is unfinished",
      rules: short,
      condition: { status: "HIBERNATING", abandoned: left },
      now: "2026-06-03T08:00Z",
      action: "destroy",
    },
    {
      name: "over while being destroyed",
      rules: short,
      condition: { status: "DESTROYING" },
      now: "2026-06-03T08:00Z",
      action: "none",
    },
    {
      name: "destroyed",
      rules: short,
      condition: { status: "DESTROYED" },
      now: "2026-06-03T08:00Z",
      action: "none",
      nextAt: null,
    },
  ]);
});

describe("an environment", () => {
  const until = at("2026-06-02T16:00Z");
  const bare: Lifetime = { ...free, until };
  const left = { id: "op-1", kind: "destroy", actor: "runner@ci", isOurs: false };
  play(awake, [
    {
      name: "before its end",
      ...{ rules: bare, now: "2026-06-02T15:59:59Z", action: "none", nextAt: "2026-06-02T16:00Z" },
    },
    { name: "at its end", rules: bare, now: "2026-06-02T16:00Z", action: "destroy" },
    { name: "long after it", rules: bare, now: "2026-07-02T16:00Z", action: "destroy" },
    {
      name: "that failed to start",
      ...{ rules: bare, condition: { status: "FAILED" }, now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "that was only planned",
      ...{ rules: bare, condition: { status: "PLANNING" }, now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "whose first up was interrupted, before its expiry",
      rules: bare,
      condition: { status: "SPAWNING" },
      ...{ now: "2026-06-02T15:00Z", action: "none", nextAt: "2026-06-02T16:00Z" },
    },
    {
      name: "that is hibernated",
      ...{ rules: bare, condition: { status: "HIBERNATED" }, now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "with an interrupted hibernation",
      rules: bare,
      condition: { status: "HIBERNATING", abandoned: { ...left, kind: "hibernate" } },
      ...{ now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "with an interrupted destroy: resumed, regardless of the actor",
      ...{
        rules: bare,
        condition: { status: "DESTROYING", abandoned: left },
        now: "2026-06-02T15:00Z",
        action: "resume",
      },
    },
    {
      name: "with an interrupted destroy, after its expiry",
      ...{
        rules: bare,
        condition: { status: "DESTROYING", abandoned: left },
        now: "2026-06-02T16:00Z",
        action: "resume",
      },
    },
    {
      name: "with an interrupted destroy of a user, not an environment: no action",
      ...{
        rules: free,
        condition: { status: "DESTROYING", abandoned: left },
        now: "2026-06-02T16:00Z",
        action: "none",
      },
    },
    {
      name: "with a time to live that ends earlier",
      ...{ rules: { ...bare, ttlMs: 24 * hour }, now: "2026-06-02T08:00Z", action: "destroy" },
    },
    {
      name: "with a time to live that ends later",
      ...{ rules: { ...bare, ttlMs: 48 * hour }, now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "hibernates when idle before its expiry",
      rules: { ...bare, idleTimeoutMs: hour },
      condition: { activity: { kind: "quiet", quietMs: hour } },
      ...{ now: "2026-06-02T14:00Z", action: "hibernate" },
    },
    { name: "destroyed", rules: bare, condition: { status: "DESTROYED" }, now: "2026-07-02T16:00Z", action: "none" },
  ]);
});

describe("an interrupted operation", () => {
  const left = { id: "op-1", kind: "hibernate", actor: "watch@desk", isOurs: true };
  play(awake, [
    {
      name: "of a reconciler: resumed",
      rules: office,
      condition: { status: "HIBERNATING", abandoned: left },
      now: "2026-06-02T18:00Z",
      action: "resume",
    },
    {
      name: "of a reconciler, failed: resumed",
      rules: office,
      condition: { status: "FAILED", abandoned: left },
      now: "2026-06-02T18:00Z",
      action: "resume",
    },
    {
      name: "of a user: no action",
      rules: office,
      condition: { status: "HIBERNATING", abandoned: { ...left, isOurs: false } },
      now: "2026-06-02T18:00Z",
      action: "none",
      nextAt: null,
    },
    {
      name: "of a first up: no action",
      rules: idling,
      condition: { status: "SPAWNING" },
      now: "2026-06-02T18:00Z",
      action: "none",
      nextAt: null,
    },
  ]);
});

test("reasons contain the rule and its values", () => {
  const reasons = [
    decide({ ...free, ttlMs: 4 * hour }, awake, at("2026-06-02T18:00Z")),
    decide({ ...free, until: at("2026-06-02T16:00Z") }, awake, at("2026-06-02T18:00Z")),
    decide(office, awake, at("2026-06-02T18:00Z")),
    decide(office, asleep, at("2026-06-03T05:00Z")),
    decide(idling, { ...awake, activity: { kind: "quiet", quietMs: 1.5 * hour } }, at("2026-06-02T18:00Z")),
  ].map((decision) => ("reason" in decision ? decision.reason : ""));
  expect(reasons).toEqual([
    "its time to live of 4 hours is over",
    "its lifetime as an environment is over",
    'scheduled: sleep "0 20 * * 1-5" (Europe/Berlin)',
    'scheduled: wake "0 7 * * 1-5" (Europe/Berlin)',
    "idle for 1 hour 30 minutes, idle_timeout is 1 hour",
  ]);
});
