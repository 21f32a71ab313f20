import { expect, test } from "vitest";
import { withAutostop } from "./lifetime.ts";

const rules = { ttlMs: 5, idleTimeoutMs: 60_000, sleep: "0 20 * * *", wake: "0 7 * * *", timeZone: "UTC" };

test.each([
  ["unset: the rules of the blueprint", undefined, { idleTimeoutMs: 60_000, stopAt: undefined, sleep: "0 20 * * *" }],
  ["idle", { idleMs: 1_000 }, { idleTimeoutMs: 1_000, stopAt: undefined, sleep: undefined }],
  ["at a time", { at: 77 }, { idleTimeoutMs: undefined, stopAt: 77, sleep: undefined }],
  ["both", { idleMs: 1_000, at: 77 }, { idleTimeoutMs: 1_000, stopAt: 77, sleep: undefined }],
  ["off", {}, { idleTimeoutMs: undefined, stopAt: undefined, sleep: undefined }],
])("autostop %s; the time to live and wake stay", (_name, autostop, expected) => {
  expect(withAutostop(rules, autostop)).toMatchObject({ ...expected, ttlMs: 5, wake: "0 7 * * *", autostop });
});
