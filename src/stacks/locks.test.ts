import { expect, test } from "vitest";
import { isStale, type StackLock } from "./locks.ts";

const at = new Date("2026-11-22T12:00:00Z");
const lock: StackLock = { file: "x.json", pid: 42, username: "ada", hostname: "here", timestamp: at };
const started = (seconds: number) => ({ pid: 42, startedAtMs: at.getTime() + seconds * 1000, startTicks: "1" });

test.each([
  { title: "its process is gone", lock, holder: undefined, want: true },
  { title: "its process runs", lock, holder: started(-5), want: false },
  { title: "the number was given to a later process", lock, holder: started(60), want: true },
  { title: "the process wrote the lock as it began", lock, holder: started(0.5), want: false },
  {
    title: "another host's lock is not ours to judge",
    lock: { ...lock, hostname: "there" },
    holder: undefined,
    want: false,
  },
])("a lock is stale or not: $title", ({ lock: given, holder, want }) => {
  expect(isStale(given, "here", holder)).toBe(want);
});
