import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, allocateAmong, defaultTarget, fitReplicas, type ReplicaLimits, withReplicas } from "./allocate.ts";

const seed = 20261122;

function limits(ranges: Record<string, [number, number]>, minWorkers = 0, maxWorkers = 1000): ReplicaLimits {
  const agents = Object.entries(ranges).map(([key, [min, max]]) => ({ key, min, max }));
  return { agents, minWorkers, maxWorkers };
}

const marketing = limits({ supervisor: [1, 1], creator: [0, 5] }, 3, 20);

describe("allocate", () => {
  test.each([
    {
      title: "the original's marketing example starts three",
      target: 3,
      of: marketing,
      want: { supervisor: 1, creator: 2 },
    },
    { title: "maxima are reached", target: 6, of: marketing, want: { supervisor: 1, creator: 5 } },
    { title: "shares follow the spare room", target: 8, of: limits({ a: [1, 5], b: [1, 3] }), want: { a: 5, b: 3 } },
    { title: "ties go by file order", target: 3, of: limits({ a: [0, 2], b: [0, 2] }), want: { a: 2, b: 1 } },
    { title: "nothing to share", target: 2, of: limits({ a: [1, 9], b: [1, 9] }), want: { a: 1, b: 1 } },
  ])("$title", ({ target, of, want }) => {
    expect(allocate(target, of)).toEqual(want);
  });

  test.each([
    { target: 10, message: "target_workers (10) is over the sum of the agents' maxima (6 = supervisor 1 + creator 5)" },
    { target: 21, message: "target_workers (21) is over max_workers (20)" },
    { target: 2, message: "target_workers (2) is under min_workers (3)" },
    { target: 2.5, message: "target_workers (2.5) is not a whole number" },
    { target: -1, message: "target_workers (-1) is not a whole number" },
  ])("refuses $target with the numbers", ({ target, message }) => {
    const values = { target, sumMin: 1, sumMax: 6, minWorkers: 3, maxWorkers: 20 };
    expect(() => allocate(target, marketing)).toThrow(expect.objectContaining({ code: "SW608", values }));
    expect(() => allocate(target, marketing)).toThrow(message);
  });

  test.each([
    { title: "the agents' maxima", target: 10, of: marketing, hint: "ask for at most 6, or raise the upper end" },
    { title: "both maxima", target: 21, of: marketing, hint: "ask for at most 6, or raise cluster.max_workers" },
    { title: "the cluster's", target: 5, of: limits({ a: [0, 9] }, 0, 4), hint: "ask for at most 4, or raise cluster" },
  ])("a target over $title has a hint with the largest possible one", ({ target, of, hint }) => {
    expect(() => allocate(target, of)).toThrow(expect.objectContaining({ hints: [expect.stringContaining(hint)] }));
  });

  test.each([
    { title: "the minima", of: limits({ a: [2, 4], b: [1, 4] }, 1), words: "under the sum of the agents' minima (3)" },
    { title: "both alike", of: limits({ a: [3, 4] }, 3), words: "under the sum of the agents' minima (3)" },
    { title: "the cluster", of: limits({ a: [1, 4] }, 3), words: "under min_workers (3)" },
  ])("the message of a target that is too low names the limit: $title", ({ of, words }) => {
    expect(() => allocate(2, of)).toThrow(words);
    expect(Object.values(allocate(3, of)).reduce((all, count) => all + count)).toBe(3);
  });

  test("the edges of the cluster's range are in it", () => {
    expect(allocate(4, limits({ a: [0, 4] }, 4, 4))).toEqual({ a: 4 });
    expect(allocate(0, limits({ a: [0, 4] }))).toEqual({ a: 0 });
  });

  test("distributes exactly the target, inside every range, and lowers no count when the target rises", () => {
    const ranges = fc
      .array(fc.tuple(fc.nat(4), fc.nat(12)), { minLength: 1, maxLength: 8 })
      .map((pairs) => pairs.map(([min, spare], index) => ({ key: `a${index}`, min, max: min + spare })));
    fc.assert(
      fc.property(ranges, (agents) => {
        const of = { agents, minWorkers: 0, maxWorkers: 10_000 };
        let before: Record<string, number> | undefined;
        for (let target = defaultTarget(of); target <= agents.reduce((n, a) => n + a.max, 0); target++) {
          const counts = allocate(target, of);
          expect(Object.values(counts).reduce((n, c) => n + c, 0)).toBe(target);
          for (const agent of agents) {
            const count = counts[agent.key] ?? -1;
            expect(count).toBeGreaterThanOrEqual(Math.max(agent.min, before?.[agent.key] ?? 0));
            expect(count).toBeLessThanOrEqual(agent.max);
          }
          before = counts;
        }
      }),
      { seed, numRuns: 200 },
    );
  });
});

describe("carryOver", () => {
  test.each([
    {
      title: "keeps a requested count",
      old: { supervisor: 1, creator: 4 },
      of: marketing,
      want: { supervisor: 1, creator: 4 },
    },
    { title: "follows an edited count", old: { a: 1 }, of: limits({ a: [5, 5] }), want: { a: 5 } },
    { title: "follows it down", old: { a: 5 }, of: limits({ a: [2, 2] }), want: { a: 2 } },
    {
      title: "new agents start with their minimum",
      old: { a: 2 },
      of: limits({ a: [1, 3], b: [1, 4] }),
      want: { a: 2, b: 1 },
    },
    { title: "removed agents have no count", old: { a: 2, b: 3 }, of: limits({ a: [1, 3] }), want: { a: 2 } },
    { title: "fills up to min_workers", old: { a: 1 }, of: limits({ a: [1, 9] }, 4), want: { a: 4 } },
    {
      title: "shrinks under max_workers",
      old: { a: 4, b: 4 },
      of: limits({ a: [0, 9], b: [0, 9] }, 0, 4),
      want: { a: 2, b: 2 },
    },
  ])("$title", ({ old, of, want }) => {
    expect(fitReplicas(old, of)).toEqual(want);
  });
});

describe("withCounts", () => {
  const ranges = limits({ a: [1, 4], b: [0, 9] }, 2, 8);

  test.each([
    { title: "the ends of a range", changes: { a: 4 }, want: { a: 4, b: 1 } },
    { title: "its other end, and the cluster's", changes: { a: 1 }, want: { a: 1, b: 1 } },
    { title: "the most of the cluster", changes: { b: 6 }, want: { a: 2, b: 6 } },
  ])("$title", ({ changes, want }) => {
    expect(withReplicas({ a: 2, b: 1 }, changes, ranges)).toEqual(want);
  });

  test.each([
    { changes: { a: 5 }, words: "a cannot have 5 instances: its range is 1 to 4", values: { key: "a", count: 5 } },
    { changes: { a: 0 }, words: "a cannot have 0 instances: its range is 1 to 4", values: { key: "a", count: 0 } },
    { changes: { c: 1 }, words: "c cannot have 1 instances: there is no such agent", values: { key: "c", count: 1 } },
    {
      changes: { b: 7 },
      words: "size (9) is over max_workers (8)",
      values: { total: 9, minWorkers: 2, maxWorkers: 8 },
    },
    { changes: { a: 1, b: 0 }, words: "size (1) is under min_workers (2)", values: { total: 1, minWorkers: 2 } },
  ])("refuses $changes", ({ changes, words, values }) => {
    const act = () => withReplicas({ a: 2, b: 1 }, changes, ranges);
    expect(act).toThrow(expect.objectContaining({ code: "SW608", values: expect.objectContaining(values) }));
    expect(act).toThrow(words);
  });
});

describe("allocateAmong", () => {
  const ranges = limits({ a: [1, 4], b: [0, 2], c: [0, 9] }, 5, 8);

  test("distributes over some of the agents, whatever the cluster's size is", () => {
    expect(allocateAmong(["a", "b"], 1, ranges)).toEqual({ a: 1, b: 0 });
    expect(allocateAmong(["a", "b"], 6, ranges)).toEqual({ a: 4, b: 2 });
  });

  test("refuses what their ranges do not allow", () => {
    expect(() => allocateAmong(["a", "b"], 7, ranges)).toThrow("(7) is over max_workers (6)");
    expect(() => allocateAmong(["a", "b"], 0, ranges)).toThrow("(0) is under the sum of the agents' minima (1)");
  });
});
