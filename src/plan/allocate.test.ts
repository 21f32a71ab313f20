import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, type Bounds, carryOver, defaultTarget } from "./allocate.ts";

const seed = 20261122;

function bounds(ranges: Record<string, [number, number]>, minWorkers = 0, maxWorkers = 1000): Bounds {
  const agents = Object.entries(ranges).map(([key, [min, max]]) => ({ key, min, max }));
  return { agents, minWorkers, maxWorkers };
}

const marketing = bounds({ supervisor: [1, 1], creator: [0, 5] }, 3, 20);

describe("allocate", () => {
  test.each([
    {
      title: "the original's marketing example starts three",
      target: 3,
      of: marketing,
      want: { supervisor: 1, creator: 2 },
    },
    { title: "maxima are reached", target: 6, of: marketing, want: { supervisor: 1, creator: 5 } },
    { title: "shares follow the spare room", target: 8, of: bounds({ a: [1, 5], b: [1, 3] }), want: { a: 5, b: 3 } },
    { title: "ties go by file order", target: 3, of: bounds({ a: [0, 2], b: [0, 2] }), want: { a: 2, b: 1 } },
    { title: "nothing to share", target: 2, of: bounds({ a: [1, 9], b: [1, 9] }), want: { a: 1, b: 1 } },
  ])("$title", ({ target, of, want }) => {
    expect(allocate(target, of)).toEqual(want);
  });

  test.each([
    { target: 10, message: "target_workers (10) is over the sum of the agents' maxima (6 = supervisor 1 + creator 5)" },
    { target: 21, message: "target_workers (21) is over max_workers (20)" },
    { target: 2, message: "target_workers (2) is under min_workers (3)" },
    { target: 2.5, message: "target_workers (2.5) is not a whole number" },
  ])("refuses $target with the numbers", ({ target, message }) => {
    expect(() => allocate(target, marketing)).toThrow(message);
  });

  test("gives out exactly the target, inside every range, and never takes from anybody when it rises", () => {
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
      title: "keeps what a caller asked for",
      old: { supervisor: 1, creator: 4 },
      of: marketing,
      want: { supervisor: 1, creator: 4 },
    },
    { title: "follows an edited count", old: { a: 1 }, of: bounds({ a: [5, 5] }), want: { a: 5 } },
    { title: "follows it down", old: { a: 5 }, of: bounds({ a: [2, 2] }), want: { a: 2 } },
    {
      title: "newcomers start with their minimum",
      old: { a: 2 },
      of: bounds({ a: [1, 3], b: [1, 4] }),
      want: { a: 2, b: 1 },
    },
    { title: "those who left are gone", old: { a: 2, b: 3 }, of: bounds({ a: [1, 3] }), want: { a: 2 } },
    { title: "fills up to min_workers", old: { a: 1 }, of: bounds({ a: [1, 9] }, 4), want: { a: 4 } },
    {
      title: "shrinks under max_workers",
      old: { a: 4, b: 4 },
      of: bounds({ a: [0, 9], b: [0, 9] }, 0, 4),
      want: { a: 2, b: 2 },
    },
  ])("$title", ({ old, of, want }) => {
    expect(carryOver(old, of)).toEqual(want);
  });
});
