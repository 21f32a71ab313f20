import { expect, test } from "vitest";
import type { Lifetime } from "../lifecycle/reconcile/lifetime.ts";
import { lifetimeWords } from "./lifetime-words.ts";

const none: Lifetime = {
  ...{ ttlMs: undefined, until: undefined, idleTimeoutMs: undefined, stopAt: undefined, sleep: undefined },
  ...{ wake: undefined, timeZone: "UTC", autostop: undefined },
};

test.each<[Partial<Lifetime>, string]>([
  [{ idleTimeoutMs: 1_800_000 }, "hibernates when idle for 30m00s"],
  [{ idleTimeoutMs: 1_800_000, autostop: { idleMs: 1_800_000 } }, "hibernates when idle for 30m00s (autostop)"],
  [{ stopAt: 0, autostop: { at: 0 } }, "hibernates at 1970-01-01T00:00:00.000Z (autostop)"],
  [{ autostop: {}, ttlMs: 86_400_000 }, "does not hibernate by itself (autostop is off), expires after 1d00h"],
  [{ sleep: "0 20 * * *", wake: "0 7 * * *" }, 'hibernates at "0 20 * * *", wakes at "0 7 * * *"'],
])("%j", (rules, words) => {
  expect(lifetimeWords({ ...none, ...rules })).toBe(words);
});
