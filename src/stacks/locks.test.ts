import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseBackend, stackFolder } from "./backend.ts";
import { isStale, type LockHolder, lockedError, locksIn, type StackLock } from "./locks.ts";
import { clearStaleLocks } from "./recovery.ts";

const at = new Date("2026-11-22T12:00:00Z");
const holder: LockHolder = { pid: 42, username: "ada", hostname: "here", timestamp: at };
const lock: StackLock = { file: "x.json", holder, writtenAtMs: at.getTime() };
const started = (seconds: number) => ({ pid: 42, startedAtMs: at.getTime() + seconds * 1000, startTicks: "1" });
const broken = { ...lock, holder: undefined };
const elsewhere = { ...lock, holder: { ...holder, hostname: "there" } };

test.each([
  { title: "its process is gone", given: lock, running: undefined, want: true },
  { title: "its process runs", given: lock, running: started(-5), want: false },
  { title: "the number was given to a later process", given: lock, running: started(60), want: true },
  { title: "the process wrote the lock as it began", given: lock, running: started(0.5), want: false },
  { title: "another host's lock is not ours to judge", given: elsewhere, running: undefined, want: false },
  { title: "a lock that is being written", given: broken, running: undefined, afterMs: 500, want: false },
  { title: "a lock that was never whole", given: broken, running: undefined, afterMs: 5000, want: true },
])("a lock is stale or not: $title", ({ given, running, afterMs = 0, want }) => {
  expect(isStale(given, { host: "here", running, nowMs: at.getTime() + afterMs })).toBe(want);
});

test("the lock of another host says whose, since when, and the command that breaks it", () => {
  const error = lockedError("team", [elsewhere], { host: "here", nowMs: at.getTime() + 3 * 3_600_000 });
  expect(error.message).toBe("cluster team is locked by ada@there (process 42) since 2026-11-22T12:00:00.000Z, 3 h");
  expect(error.hints).toContain("if nothing runs on there any more: swarmctl pulumi cancel --stack team --yes");
  expect(lockedError("team", [lock], { host: "here" }).hints.join()).not.toContain("cancel");
});

test("the locks of a shared backend are read out of the engine's refusal", () => {
  const text = `the stack is currently locked by 1 lock(s). Either wait ...
  s3://bucket/.pulumi/locks/organization/swarmstack/team/1.json: created by ada@there (pid 42) at 2026-11-22T12:00:00Z`;
  expect(locksIn(text)).toEqual([{ holder: { ...holder, hostname: "there" } }]);
  expect(locksIn("conflict")).toEqual([]);
});

test("what a power loss leaves of a lock is cleared, a whole lock of another host stays", async () => {
  const dir = mkdtempSync(join(tmpdir(), "swarm-locks-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const folder = join(stackFolder(dir, "locks"), "team");
  mkdirSync(folder, { recursive: true });
  const other = JSON.stringify({ ...holder, hostname: `not-${hostname()}` });
  const files = {
    "empty.json": "",
    "half.json": other.slice(0, 20),
    "zeros.json": "\0\0\0\0",
    "null.json": "null",
    fileblob123: "",
    "whole.json": other,
    "whole.json.attrs": "",
  };
  const past = new Date(Date.now() - 60_000);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), past, past);
  }
  const told: string[] = [];
  const held = await clearStaleLocks(parseBackend(`file://${dir}`), "team", (line) => told.push(line));
  expect(held.map(({ file }) => file)).toEqual([join(folder, "whole.json")]);
  expect(readdirSync(folder)).toEqual(["whole.json"]);
  expect(told).toEqual([expect.stringContaining("cleared an empty or damaged lock file")]);
});
