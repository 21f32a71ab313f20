import { describe, expect, test } from "vitest";
import { type KeptState, keepState } from "./kept-state.ts";

const old: KeptState = { agent: "memory", shape: "ordered", sizeBytes: 2048 };

describe("keepState", () => {
  test.each([
    { title: "the same", next: old },
    { title: "larger volumes", next: { ...old, sizeBytes: 4096 } },
  ])("$title is taken", ({ next }) => {
    expect(() => keepState(old, next)).not.toThrow();
  });

  test.each<{ title: string; next: KeptState; words: string }>([
    {
      title: "smaller volumes",
      next: { ...old, sizeBytes: 1024 },
      words: 'state.size of "memory" (1024 bytes) is under that of its volumes (2048 bytes)',
    },
    {
      title: "another shape",
      next: { ...old, shape: "single" },
      words: '"memory" keeps state: its scale_in (last) cannot become any',
    },
  ])("$title is refused with a reason", ({ next, words }) => {
    expect(() => keepState(old, next)).toThrow(expect.objectContaining({ code: "SW608" }));
    expect(() => keepState(old, next)).toThrow(words);
  });

  test.each<{ next: KeptState; hints: readonly string[] }>([
    { next: { ...old, sizeBytes: 1024 }, hints: ["keep at least 2048"] },
    { next: { ...old, shape: "single" }, hints: ["keep scale_in: last", "rename the agent"] },
  ])("a refusal has both values, and hints: $hints", ({ next, hints }) => {
    expect(() => keepState(old, next)).toThrow(
      expect.objectContaining({
        ...{ code: "SW608", values: { recorded: old, given: next } },
        hints: hints.map((hint) => expect.stringContaining(hint)),
      }),
    );
  });
});
