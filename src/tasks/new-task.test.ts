import { expect, test } from "vitest";
import { maxDocumentBytes, newTaskSchema } from "./new-task.ts";

const selector = { agent: "content-creator" };

test("the defaults", () => {
  expect(newTaskSchema.parse({ selector, payload: { n: 1 } })).toEqual({
    ...{ selector, payload: { n: 1 }, priority: "normal", maxAttempts: 3, leaseMs: 300_000 },
  });
});

test.each([
  { name: "a payload at the limit", task: { selector, payload: "x".repeat(maxDocumentBytes - 2) }, message: undefined },
  {
    name: "one byte more",
    task: { selector, payload: "x".repeat(maxDocumentBytes - 1) },
    message: /65537 bytes are over/,
  },
  {
    name: "bytes, not letters",
    task: { selector, payload: "ä".repeat(maxDocumentBytes / 2) },
    message: /bytes are over/,
  },
  { name: "no JSON", task: { selector, payload: 1n }, message: /Invalid/ },
  { name: "two selectors", task: { selector: { agent: "a", role: "b" }, payload: 1 }, message: /Invalid|Unrecognized/ },
  { name: "a selector with a colon", task: { selector: { role: "a:b" }, payload: 1 }, message: /letters, digits/ },
  { name: "no attempt", task: { selector, payload: 1, maxAttempts: 0 }, message: /1/ },
  { name: "an unknown word", task: { selector, payload: 1, retries: 2 }, message: /retries/ },
])("$name", ({ task, message }) => {
  const { error } = newTaskSchema.safeParse(task);
  if (message === undefined) expect(error).toBeUndefined();
  else expect(error?.message).toMatch(message);
});
