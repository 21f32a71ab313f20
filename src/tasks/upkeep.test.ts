import { expect, test } from "vitest";
import { startUpkeep, type UpkeepOptions } from "./upkeep.ts";

const hour = 3_600_000;
const week = 7 * 24 * hour;

/** Time that passes only when it is told to; what is due runs, and what it starts is waited for. */
function setting(random: number, fail: { sweep?: boolean } = {}) {
  let now = 10 * week;
  let due: { readonly at: number; readonly run: () => void } | undefined;
  const done: string[] = [];
  const queue = {
    sweep: async () => {
      done.push(`sweep ${(now - 10 * week) / 1_000}`);
      if (fail.sweep) throw new Error("away");
      return 2;
    },
    prune: async (before: number) => {
      done.push(`prune ${now - before === week}`);
      return 0;
    },
  };
  const present: { queue: Awaited<ReturnType<UpkeepOptions["present"]>> } = { queue };
  const stop = startUpkeep({
    present: async () => present.queue,
    clock: {
      now: () => now,
      after(delayMs, run) {
        const mine = { at: now + delayMs, run };
        due = mine;
        return () => {
          if (due === mine) due = undefined;
        };
      },
    },
    random: () => random,
    onDeadLettered: (tasks) => done.push(`buried ${tasks}`),
    onError: (error) => done.push(String(error)),
  });
  async function pass(ms: number): Promise<void> {
    const end = now + ms;
    while (due !== undefined && due.at <= end) {
      const { at, run } = due;
      due = undefined;
      now = at;
      run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    now = end;
  }
  return { done, pass, stop, present };
}

test("it buries every 30 s, give or take a quarter, and forgets what is a week old every hour", async () => {
  const early = setting(0);
  await early.pass(60_000);
  expect(early.done).toEqual(["sweep 22.5", "buried 2", "prune true", "sweep 45", "buried 2"]);
  const late = setting(0.999_999);
  await late.pass(2 * hour);
  expect(late.done[0]).toBe("sweep 37.5");
  expect(late.done.filter((one) => one.startsWith("sweep"))).toHaveLength(192);
  expect(late.done.filter((one) => one === "prune true")).toHaveLength(2);
});

test("a queue that is away is tried again; one that is not there is left alone; nothing comes after the end", async () => {
  const { done, pass, stop, present } = setting(0.5, { sweep: true });
  await pass(60_000);
  expect(done).toEqual(["sweep 30", "Error: away", "sweep 60", "Error: away"]);
  present.queue = undefined;
  await pass(60_000);
  expect(done).toHaveLength(4);
  present.queue = { sweep: async () => done.push("late"), prune: async () => 0 };
  stop();
  await pass(hour);
  expect(done).toHaveLength(4);
});
