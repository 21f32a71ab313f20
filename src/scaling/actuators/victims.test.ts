import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidate, chooseVictims, goingOf, type Removal } from "./victims.ts";

const kinds = {
  idle: { state: "running", health: "idle" },
  drained: { state: "running", health: "drained" },
  busy: { state: "running", health: "busy", tasks: ["t-1"] },
  "busy by its word": { state: "running", health: "busy" },
  "idle with a task": { state: "running", health: "idle", tasks: ["t-1"] },
  unresponsive: { state: "running", health: "unresponsive" },
  unknown: { state: "running" },
  unregistered: { state: "running", health: "starting" },
  starting: { state: "starting", health: "starting" },
  crashed: { state: "backing-off", health: "failed" },
  "crashed with a task": { state: "backing-off", health: "failed", tasks: ["t-1"] },
} as const satisfies Readonly<Record<string, Omit<Candidate, "id">>>;

type Kind = keyof typeof kinds;

const instance = (kind: Kind, ordinal: number): Candidate => ({ id: `writer-${ordinal}`, ...kinds[kind] });

test.each<{ name: string; present: Kind[]; count: number; removal: Removal; gone: string[] }>([
  { name: "none over the count", present: ["idle", "idle"], count: 2, removal: "any", gone: [] },
  { name: "idle ones from the top", present: ["idle", "busy", "idle"], count: 1, removal: "any", gone: ["2", "0"] },
  { name: "a busy one stays", present: ["busy", "busy by its word", "idle"], count: 0, removal: "any", gone: ["2"] },
  { name: "an unknown one stays", present: ["idle", "unknown"], count: 0, removal: "any", gone: ["0"] },
  { name: "a silent one stays", present: ["unresponsive", "starting"], count: 0, removal: "any", gone: ["1"] },
  {
    name: "those that are not up go first",
    present: ["crashed", "idle", "starting", "idle", "unregistered"],
    count: 1,
    removal: "any",
    gone: ["4", "2", "0", "3"],
  },
  { name: "a task that is not over protects", present: ["crashed with a task"], count: 0, removal: "any", gone: [] },
  { name: "the highest first", present: ["idle", "crashed", "idle"], count: 1, removal: "highest", gone: ["2", "1"] },
  {
    name: "a busy one protects those below",
    present: ["idle", "busy", "idle"],
    count: 0,
    removal: "highest",
    gone: ["2"],
  },
])("$name", ({ present, count, removal, gone }) => {
  const victims = chooseVictims(present.map(instance), count, removal);
  expect(victims.map(({ id }) => id)).toEqual(gone.map((ordinal) => `writer-${ordinal}`));
});

test("no instance that holds a task is chosen, and never more than are over the count", () => {
  const kind = fc.constantFrom(...(Object.keys(kinds) as Kind[]));
  fc.assert(
    fc.property(fc.array(kind), fc.nat(12), fc.constantFrom<Removal>("any", "highest"), (present, count, removal) => {
      const victims = chooseVictims(present.map(instance), count, removal);
      expect(victims.every(({ tasks = [], health }) => tasks.length === 0 && health !== "busy")).toBe(true);
      expect(victims.length).toBeLessThanOrEqual(Math.max(0, present.length - count));
    }),
  );
});

test("a victim that has taken a task stays, and where the highest go first it protects those below", () => {
  const victims = [3, 2, 1].map((ordinal) => instance("idle", ordinal));
  const working = victims.slice(1, 2);
  expect(goingOf(victims, working, "any").map(({ id }) => id)).toEqual(["writer-3", "writer-1"]);
  expect(goingOf(victims, working, "highest").map(({ id }) => id)).toEqual(["writer-3"]);
  expect(goingOf(victims, [], "highest")).toEqual(victims);
});
