import { expect, test } from "vitest";
import { deadLetterAt } from "./dead-letter-at.ts";

const fresh = { attempt: 1, handedBack: 0, maxAttempts: 3 };
const last = { attempt: 4, handedBack: 1, maxAttempts: 3 };

test.each([
  { name: "waits", task: { ...fresh, deadlineAt: null }, until: undefined, at: null },
  { name: "waits, with a deadline", task: { ...fresh, deadlineAt: 50 }, until: undefined, at: 50 },
  { name: "leased", task: { ...fresh, deadlineAt: null }, until: 100, at: null },
  { name: "leased beyond its deadline", task: { ...fresh, deadlineAt: 50 }, until: 100, at: 100 },
  { name: "leased until before its deadline", task: { ...fresh, deadlineAt: 200 }, until: 100, at: 200 },
  { name: "leased for the last time", task: { ...last, deadlineAt: null }, until: 100, at: 100 },
  { name: "leased for the last time, with a deadline", task: { ...last, deadlineAt: 200 }, until: 100, at: 100 },
])("$name: $at", ({ task, until, at }) => {
  expect(deadLetterAt(task, until)).toBe(at);
});
