import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidate, chooseVictims, type Removal } from "./victims.ts";

const instance = (health: Candidate["health"], ordinal: number): Candidate => ({
  id: `writer-${ordinal}`,
  ...(health && { health }),
  ...(health === "busy" && { tasks: ["t-1"] }),
});

test.each<{ name: string; healths: Candidate["health"][]; count: number; removal: Removal; gone: string[] }>([
  { name: "none over the count", healths: ["idle", "idle"], count: 2, removal: "any", gone: [] },
  { name: "idle ones from the top", healths: ["idle", "busy", "idle"], count: 1, removal: "any", gone: ["2", "0"] },
  { name: "a busy one stays", healths: ["busy", "busy", "idle"], count: 0, removal: "any", gone: ["2"] },
  { name: "an unknown one stays", healths: ["idle", undefined], count: 0, removal: "any", gone: ["0"] },
  { name: "a silent one stays", healths: ["unresponsive", "starting"], count: 0, removal: "any", gone: ["1"] },
  { name: "the highest first", healths: ["idle", "idle", "idle"], count: 1, removal: "highest", gone: ["2", "1"] },
  {
    name: "a busy one protects those below",
    healths: ["idle", "busy", "idle"],
    count: 0,
    removal: "highest",
    gone: ["2"],
  },
])("$name", ({ healths, count, removal, gone }) => {
  const victims = chooseVictims(healths.map(instance), count, removal);
  expect(victims.map(({ id }) => id)).toEqual(gone.map((ordinal) => `writer-${ordinal}`));
});

test("no instance that holds a task is chosen, and never more than are over the count", () => {
  const health = fc.constantFrom("idle", "busy", "drained", "starting", "unresponsive", "failed", undefined);
  fc.assert(
    fc.property(fc.array(health), fc.nat(12), fc.constantFrom<Removal>("any", "highest"), (healths, count, removal) => {
      const victims = chooseVictims(healths.map(instance), count, removal);
      expect(victims.every(({ tasks = [] }) => tasks.length === 0)).toBe(true);
      expect(victims.length).toBeLessThanOrEqual(Math.max(0, healths.length - count));
    }),
  );
});
