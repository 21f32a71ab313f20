import { expect, test } from "vitest";
import { isPurged, type PurgeFilter, purge, purgeFilterSchema } from "./purge.ts";
import type { Task } from "./task.ts";

const task = { state: "dead", selector: { agent: "writer" }, createdAt: 100, finishedAt: 500 } as const;
const waiting = { ...task, state: "waiting", finishedAt: undefined } as const;

test.each<[string, Parameters<typeof isPurged>[0], PurgeFilter, boolean]>([
  ["its state", task, { states: ["dead"] }, true],
  ["another state", task, { states: ["done", "waiting"] }, false],
  ["its selector", task, { states: ["dead"], selector: "agent:writer" }, true],
  ["another kind of selector", task, { states: ["dead"], selector: "role:writer" }, false],
  ["ended before", task, { states: ["dead"], before: 501 }, true],
  ["ended at that time", task, { states: ["dead"], before: 500 }, false],
  ["added before, not ended", waiting, { states: ["waiting"], before: 101 }, true],
  ["added later, not ended", waiting, { states: ["waiting"], before: 100 }, false],
])("%s", (_name, given, filter, expected) => {
  expect(isPurged(given, filter)).toBe(expected);
});

test("a task at work is in no filter", () => {
  expect(purgeFilterSchema.safeParse({ states: ["leased"] }).success).toBe(false);
  expect(purgeFilterSchema.safeParse({ states: [] }).success).toBe(false);
});

test("all pages are purged; a task that was leased meanwhile stays and is counted apart; a dry run removes nothing", async () => {
  const items = Array.from({ length: 1_200 }, (_, n) => ({ ...waiting, id: `task-${n}` }) as unknown as Task);
  const removed: string[] = [];
  const queue = {
    list: async ({ before = "0", limit }: { readonly before?: string | undefined; readonly limit: number }) => ({
      items: items.slice(Number(before), Number(before) + limit),
      next: Number(before) + limit < items.length ? String(Number(before) + limit) : undefined,
    }),
    async remove(id: string) {
      if (id === "task-700") return "leased" as const;
      removed.push(id);
      return "waiting" as const;
    },
  };
  const filter: PurgeFilter = { states: ["waiting"] };
  expect(await purge(queue, filter, true)).toEqual({ purged: 1_200, leased: 0 });
  expect(removed).toEqual([]);
  expect(await purge(queue, filter, false)).toEqual({ purged: 1_199, leased: 1 });
  expect(removed).toHaveLength(1_199);
});
