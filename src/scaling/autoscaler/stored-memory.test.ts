import { expect, test } from "vitest";
import { toJson } from "../../store/json.ts";
import { noAgentMemory, type ScalingMemory } from "../decide/memory.ts";
import { memoryAtStart, memorySignature } from "./stored-memory.ts";

const memory: ScalingMemory = {
  since: 1,
  agents: {
    writer: { ...noAgentMemory, window: [{ at: 5, count: 3 }], changedAt: 5, startsMs: [200] },
    editor: { ...noAgentMemory, raise: { at: 7, count: 2 }, failingSince: 3, panicUntil: 9 },
  },
};

test("a stored memory comes back with another beginning", () => {
  expect(memoryAtStart(toJson(memory), 100)).toEqual({ since: 100, agents: memory.agents });
});

test.each([
  undefined,
  null,
  7,
  { agents: 3 },
  { since: 1, agents: { writer: { window: "x" } } },
])("%j is no memory", (stored) => {
  expect(memoryAtStart(stored, 100)).toEqual({ since: 100, agents: {} });
});

test("the time of the same wanted count is not worth a record, another count is", () => {
  const wanted = (at: number, count: number): ScalingMemory => ({
    ...memory,
    agents: { writer: { ...noAgentMemory, window: [{ at, count }] } },
  });
  expect(memorySignature(wanted(5, 3))).toBe(memorySignature(wanted(6, 3)));
  expect(memorySignature(wanted(5, 3))).not.toBe(memorySignature(wanted(5, 4)));
});
