import { expect, test } from "vitest";
import { importedTask, rowOfImported } from "./imported-task.ts";
import type { Task } from "./task.ts";

const task: Task = {
  ...{ id: "task-1", selector: { agent: "a" }, payload: 1, priority: "high", idempotencyKey: "k", state: "waiting" },
  ...{ attempt: 2, handedBack: 1, maxAttempts: 3, leaseMs: 10, deadlineAt: 90, availableAt: 40, createdAt: 5 },
  ...{ holder: undefined, finishedAt: undefined, error: undefined, death: undefined, result: undefined },
};

test.each([
  { name: "a task in back-off keeps waiting", given: {}, expected: {} },
  {
    name: "a leased task becomes waiting, and gets its attempt back",
    given: { state: "leased", holder: { instance: "a-0", epoch: 3, until: 70 } },
    expected: { state: "waiting", holder: undefined, handedBack: 2, availableAt: 50 },
  },
  {
    name: "a task whose final lease has expired is dead-lettered",
    given: { attempt: 4 },
    expected: { state: "dead", death: "attempts", finishedAt: 50 },
  },
  { name: "a done task stays done", given: { state: "done", finishedAt: 45 }, expected: {} },
] as const)("$name", ({ given, expected }) => {
  expect(importedTask({ ...task, ...given }, 50)).toEqual({ ...task, ...given, ...expected });
});

test("only an open task is dead-lettered at its deadline", () => {
  expect(rowOfImported("c", task).buryAt).toBe(90);
  expect(rowOfImported("c", { ...task, state: "dead", finishedAt: 91 }).buryAt).toBeNull();
});
