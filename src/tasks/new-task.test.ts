import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBlueprint } from "../blueprint/parse.ts";
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
    message: /65537 bytes exceed/,
  },
  {
    name: "bytes, not letters",
    task: { selector, payload: "ä".repeat(maxDocumentBytes / 2) },
    message: /bytes exceed/,
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

test("a task can name each capability that a blueprint accepts, and no other", () => {
  const written = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 130 }),
    fc.string({ unit: "binary", minLength: 1, maxLength: 4 }),
    fc.constantFrom("c++", "customer support", "Größe", "Gro\u0308ße", "a:b", "x".repeat(129), " a", "a\n"),
  );
  fc.assert(
    fc.property(written, (capability) => {
      const text = JSON.stringify({
        metadata: { id: "a", name: "A", version: "1.0.0" },
        cluster: { type: "standard" },
        agents: [{ role: "worker", name: "W", capabilities: [capability] }],
      });
      const named = newTaskSchema.safeParse({ selector: { capability }, payload: 1 });
      const [accepted] = parseBlueprint(text, { file: "a.yaml" }).blueprint?.agents[0]?.capabilities ?? [];
      expect(named.success ? named.data.selector : undefined).toEqual(
        accepted === undefined ? undefined : { capability: accepted },
      );
    }),
    { numRuns: 500, seed: 3 },
  );
});
