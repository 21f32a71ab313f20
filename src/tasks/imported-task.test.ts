import { expect, test } from "vitest";
import { importedTask, rowOfImported } from "./imported-task.ts";
import type { Task } from "./task.ts";

const task: Task = {
  ...{ id: "task-1", selector: { agent: "a" }, payload: 1, priority: "high", idempotencyKey: "k", state: "waiting" },
  ...{ attempt: 2, handedBack: 1, maxAttempts: 3, leaseMs: 10, deadlineAt: 90, availableAt: 40, createdAt: 5 },
  ...{ holder: undefined, finishedAt: undefined, error: undefined, death: undefined, result: undefined },
};

test.each([
  { name: "one that waits for its back-off goes on waiting", given: {}, expected: {} },
  {
    name: "one that somebody works on waits from now on, and that attempt does not count",
    given: { state: "leased", holder: { instance: "a-0", epoch: 3, until: 70 } },
    expected: { state: "waiting", holder: undefined, handedBack: 2, availableAt: 50 },
  },
  {
    name: "one whose last lease has expired is given up",
    given: { attempt: 4 },
    expected: { state: "dead", death: "attempts", finishedAt: 50 },
  },
  { name: "one that is done stays so", given: { state: "done", finishedAt: 45 }, expected: {} },
] as const)("$name", ({ given, expected }) => {
  expect(importedTask({ ...task, ...given }, 50)).toEqual({ ...task, ...given, ...expected });
});

test("only one that is open is given up at its deadline", () => {
  expect(rowOfImported("c", task).buryAt).toBe(90);
  expect(rowOfImported("c", { ...task, state: "dead", finishedAt: 91 }).buryAt).toBeNull();
});
