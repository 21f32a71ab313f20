import { describe, expect, test } from "vitest";
import { type Activity, type ClusterCondition, type Decision, decide } from "./decide.ts";
import type { Lifetime } from "./lifetime.ts";

const hour = 3_600_000;
const at = (iso: string) => Date.parse(iso);

const free: Lifetime = {
  ...{ ttlMs: undefined, until: undefined, idleTimeoutMs: undefined, sleep: undefined, wake: undefined },
  timeZone: "Europe/Berlin",
};
/** Monday to Friday, 7 to 20 o'clock in Berlin. */
const office: Lifetime = { ...free, sleep: "0 20 * * 1-5", wake: "0 7 * * 1-5" };
const idling: Lifetime = { ...free, idleTimeoutMs: hour };

/** Awake since noon (UTC) of Tuesday, the 2nd of June 2026. */
const awake: ClusterCondition = {
  ...{ status: "ACTIVE", createdAt: at("2026-06-01T08:00Z"), since: at("2026-06-02T12:00Z") },
  ...{ activity: undefined, abandoned: undefined, jitterMs: 0 },
};
/** Asleep since 20 o'clock of the same day in Berlin. */
const asleep: ClusterCondition = { ...awake, status: "HIBERNATED", since: at("2026-06-02T18:00:20Z") };

interface Case {
  readonly name: string;
  readonly rules: Lifetime;
  readonly condition?: Partial<ClusterCondition>;
  readonly now: string;
  readonly action: Decision["action"];
  /** When it matters next; null: never. */
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

describe("sleep, while awake", () => {
  play(awake, [
    {
      name: "before its hour",
      rules: office,
      now: "2026-06-02T17:59:59Z",
      action: "none",
      nextAt: "2026-06-02T18:00Z",
    },
    { name: "at its hour", rules: office, now: "2026-06-02T18:00Z", action: "hibernate" },
    { name: "later: it was missed, and is made up for", rules: office, now: "2026-06-02T22:00Z", action: "hibernate" },
    { name: "after the next wake: not any more", rules: office, now: "2026-06-03T05:00Z", action: "none" },
    {
      name: "woken by hand after its hour: not before the next one",
      ...{ rules: office, condition: { since: at("2026-06-02T19:00Z") } },
      ...{ now: "2026-06-02T20:00Z", action: "none", nextAt: "2026-06-03T18:00Z" },
    },
    {
      name: "on Saturday nothing comes",
      ...{ rules: office, condition: { since: at("2026-06-06T09:00Z") } },
      ...{ now: "2026-06-06T19:00Z", action: "none", nextAt: "2026-06-08T18:00Z" },
    },
    {
      name: "sleep and wake of one moment: it stays awake",
      ...{ rules: { ...office, sleep: "0 20 * * *", wake: "0 20 * * *" }, now: "2026-06-02T18:00Z", action: "none" },
    },
    {
      name: "busy: it sleeps all the same, as its agents drain",
      ...{ rules: office, condition: { activity: { kind: "busy", why: "at work" } } },
      ...{ now: "2026-06-02T18:00Z", action: "hibernate" },
    },
    {
      name: "spread: its own moment of the hour has not come",
      ...{ rules: office, condition: { jitterMs: 17_000 } },
      ...{ now: "2026-06-02T18:00:16Z", action: "none", nextAt: "2026-06-02T18:00:17Z" },
    },
    {
      name: "spread: it has",
      ...{ rules: office, condition: { jitterMs: 17_000 }, now: "2026-06-02T18:00:17Z", action: "hibernate" },
    },
    {
      name: "a day that is never",
      ...{ rules: { ...free, sleep: "0 0 31 2 *" }, now: "2026-06-02T18:00Z", action: "none", nextAt: null },
    },
  ]);
});

describe("wake, while asleep", () => {
  play(asleep, [
    {
      name: "before its hour",
      rules: office,
      now: "2026-06-03T04:59:59Z",
      action: "none",
      nextAt: "2026-06-03T05:00Z",
    },
    { name: "at its hour", rules: office, now: "2026-06-03T05:00Z", action: "reactivate" },
    { name: "later: it was missed, and is made up for", rules: office, now: "2026-06-03T11:00Z", action: "reactivate" },
    { name: "after the next sleep: not any more", rules: office, now: "2026-06-03T18:30Z", action: "none" },
    {
      name: "over the weekend",
      ...{ rules: office, condition: { since: at("2026-06-05T18:00:20Z") } },
      ...{ now: "2026-06-07T12:00Z", action: "none", nextAt: "2026-06-08T05:00Z" },
    },
    { name: "idle long since: it sleeps on", rules: idling, now: "2026-06-09T00:00Z", action: "none", nextAt: null },
    {
      name: "without wake nobody wakes it",
      rules: { ...office, wake: undefined },
      now: "2026-06-09T00:00Z",
      action: "none",
    },
  ]);
});

describe("clocks that change (Berlin: forward on 29 March, back on 25 October 2026)", () => {
  const spring = { since: at("2026-03-28T12:00Z") };
  const autumn = { since: at("2026-10-24T12:00Z") };
  play(awake, [
    {
      name: "20 o'clock in winter",
      rules: office,
      condition: { since: at("2026-01-05T12:00Z") },
      now: "2026-01-05T18:59Z",
      action: "none",
      nextAt: "2026-01-05T19:00Z",
    },
    {
      name: "half past two is left out: the hour after it",
      rules: { ...free, sleep: "30 2 * * *" },
      condition: spring,
      now: "2026-03-29T00:30Z",
      action: "none",
      nextAt: "2026-03-29T01:00Z",
    },
    {
      name: "... and has come then",
      rules: { ...free, sleep: "30 2 * * *" },
      condition: spring,
      now: "2026-03-29T01:05Z",
      action: "hibernate",
    },
    {
      name: "half past two comes twice: the first counts",
      rules: { ...free, sleep: "30 2 * * *" },
      condition: autumn,
      now: "2026-10-25T00:30Z",
      action: "hibernate",
    },
    {
      name: "... and the second does not",
      rules: { ...free, sleep: "30 2 * * *" },
      condition: { since: at("2026-10-25T00:40Z") },
      now: "2026-10-25T01:35Z",
      action: "none",
      nextAt: "2026-10-26T01:30Z",
    },
    {
      name: "another zone, another moment",
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
      name: "awake for less: nobody needs to be asked",
      rules: idling,
      now: "2026-06-02T12:30Z",
      action: "none",
      nextAt: "2026-06-02T13:00Z",
    },
    { name: "awake for longer: its agents are asked", rules: idling, now: "2026-06-02T13:00Z", action: "ask" },
    {
      name: "quiet for less",
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
      name: "not known is never idle, and asked again",
      rules: idling,
      condition: during({ kind: "unknown", why: "no answer" }),
      now: "2026-06-12T14:00Z",
      action: "none",
      nextAt: "2026-06-12T14:00Z",
    },
    {
      name: "not known keeps nothing from its hour",
      rules: { ...office, idleTimeoutMs: hour },
      condition: during({ kind: "unknown", why: "no answer" }),
      now: "2026-06-02T18:00Z",
      action: "hibernate",
    },
    {
      name: "busy until its hour",
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
    { name: "not over", rules: short, now: "2026-06-03T07:59:59Z", action: "none", nextAt: "2026-06-03T08:00Z" },
    { name: "over", rules: short, now: "2026-06-03T08:00Z", action: "destroy" },
    {
      name: "over while it sleeps",
      rules: short,
      condition: { status: "HIBERNATED" },
      now: "2026-06-03T08:00Z",
      action: "destroy",
    },
    {
      name: "over while it has failed",
      rules: short,
      condition: { status: "FAILED" },
      now: "2026-06-03T08:00Z",
      action: "destroy",
    },
    {
      name: "over while an operation is left",
      rules: short,
      condition: { status: "HIBERNATING", abandoned: left },
      now: "2026-06-03T08:00Z",
      action: "destroy",
    },
    {
      name: "over while it goes",
      rules: short,
      condition: { status: "DESTROYING" },
      now: "2026-06-03T08:00Z",
      action: "none",
    },
    {
      name: "gone",
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
      name: "whose first up has failed",
      ...{ rules: bare, condition: { status: "FAILED" }, now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "that nobody has brought up",
      ...{ rules: bare, condition: { status: "PLANNING" }, now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "whose up was left in the middle, before its end",
      rules: bare,
      condition: { status: "SPAWNING" },
      ...{ now: "2026-06-02T15:00Z", action: "none", nextAt: "2026-06-02T16:00Z" },
    },
    {
      name: "that sleeps",
      ...{ rules: bare, condition: { status: "HIBERNATED" }, now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "half asleep",
      rules: bare,
      condition: { status: "HIBERNATING", abandoned: { ...left, kind: "hibernate" } },
      ...{ now: "2026-06-02T16:00Z", action: "destroy" },
    },
    {
      name: "half gone: whoever keeps it finishes, whoever began",
      ...{
        rules: bare,
        condition: { status: "DESTROYING", abandoned: left },
        now: "2026-06-02T15:00Z",
        action: "resume",
      },
    },
    {
      name: "half gone, after its end",
      ...{
        rules: bare,
        condition: { status: "DESTROYING", abandoned: left },
        now: "2026-06-02T16:00Z",
        action: "resume",
      },
    },
    {
      name: "half gone, and no environment: it is theirs",
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
      name: "sleeps when it is idle before its end",
      rules: { ...bare, idleTimeoutMs: hour },
      condition: { activity: { kind: "quiet", quietMs: hour } },
      ...{ now: "2026-06-02T14:00Z", action: "hibernate" },
    },
    { name: "gone", rules: bare, condition: { status: "DESTROYED" }, now: "2026-07-02T16:00Z", action: "none" },
  ]);
});

describe("what was left", () => {
  const left = { id: "op-1", kind: "hibernate", actor: "watch@desk", isOurs: true };
  play(awake, [
    {
      name: "by a watcher: it is finished",
      rules: office,
      condition: { status: "HIBERNATING", abandoned: left },
      now: "2026-06-02T18:00Z",
      action: "resume",
    },
    {
      name: "by a watcher, and failed",
      rules: office,
      condition: { status: "FAILED", abandoned: left },
      now: "2026-06-02T18:00Z",
      action: "resume",
    },
    {
      name: "by a person: it is theirs",
      rules: office,
      condition: { status: "HIBERNATING", abandoned: { ...left, isOurs: false } },
      now: "2026-06-02T18:00Z",
      action: "none",
      nextAt: null,
    },
    {
      name: "in the middle of a first up",
      rules: idling,
      condition: { status: "SPAWNING" },
      now: "2026-06-02T18:00Z",
      action: "none",
      nextAt: null,
    },
  ]);
});

test("the reasons name the rule and its values", () => {
  const reasons = [
    decide({ ...free, ttlMs: 4 * hour }, awake, at("2026-06-02T18:00Z")),
    decide({ ...free, until: at("2026-06-02T16:00Z") }, awake, at("2026-06-02T18:00Z")),
    decide(office, awake, at("2026-06-02T18:00Z")),
    decide(office, asleep, at("2026-06-03T05:00Z")),
    decide(idling, { ...awake, activity: { kind: "quiet", quietMs: 1.5 * hour } }, at("2026-06-02T18:00Z")),
  ].map((decision) => ("reason" in decision ? decision.reason : ""));
  expect(reasons).toEqual([
    "its time to live of 4 hours is over",
    "its time as an environment is over",
    'it sleeps at "0 20 * * 1-5" (Europe/Berlin)',
    'it wakes at "0 7 * * 1-5" (Europe/Berlin)',
    "idle for 1 hour 30 minutes, of 1 hour",
  ]);
});
