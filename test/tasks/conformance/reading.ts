import { describe, expect, test } from "vitest";
import { taskStates } from "../../../src/tasks/task.ts";
import type { Backend } from "../support/backends.ts";
import { leaseMs, Setting } from "../support/setting.ts";

/** One task in each state, and a second waiting one whose lease has expired. */
async function oneOfEach(backend: Backend) {
  const setting = new Setting(backend);
  const expired = await setting.add();
  await setting.leaseOne();
  setting.clock.advance(leaseMs);
  const done = await setting.add({ selector: { capability: "seo" } });
  const seo = { agent: "s", role: "s", capabilities: ["seo"], instance: "s-0" };
  await setting.queue.ack(await setting.leaseOne(seo), 1);
  const dead = await setting.add({ selector: { capability: "seo" } });
  await setting.queue.fail(await setting.leaseOne(seo), { error: "x", retryable: false });
  const leased = await setting.add({ selector: { capability: "seo" } });
  await setting.leaseOne(seo);
  const cancelled = await setting.add();
  await setting.queue.cancel(cancelled);
  const waiting = await setting.add();
  return { setting, ids: { waiting, leased, done, dead, cancelled }, expired };
}

export function describeReading(backend: Backend): void {
  describe("reading", () => {
    test("counts, in total and by selector", async () => {
      const { setting } = await oneOfEach(backend);
      const counts = await setting.queue.counts();
      // Nothing is in the streams but the tasks.
      expect(await setting.queue.counts(["agent:writer", "capability:seo", "role:worker"])).toEqual(counts);
      expect(counts).toEqual({
        total: { waiting: 2, leased: 1, done: 1, dead: 1, cancelled: 1 },
        bySelector: {
          "agent:writer": { waiting: 2, leased: 0, done: 0, dead: 0, cancelled: 1 },
          "capability:seo": { waiting: 0, leased: 1, done: 1, dead: 1, cancelled: 0 },
        },
      });
    });

    test("lists by state", async () => {
      const { setting, ids, expired } = await oneOfEach(backend);
      for (const state of taskStates) {
        const { items } = await setting.queue.list({ state, limit: 10 });
        const wanted = state === "waiting" ? [ids.waiting, expired] : [ids[state]];
        expect(items.map((task) => task.id)).toEqual(wanted);
        expect(items.every((task) => task.state === state)).toBe(true);
      }
    });

    test("lists tasks that are open or have ended since a time", async () => {
      const { setting, ids, expired } = await oneOfEach(backend);
      const { finishedAt = 0 } = (await setting.queue.show(ids.dead)) ?? {};
      const idsSince = async (changedSince: number) =>
        (await setting.queue.list({ limit: 10, changedSince })).items.map(({ id }) => id);
      const all = [ids.waiting, ids.cancelled, ids.leased, ids.dead, ids.done, expired];
      expect(await idsSince(0)).toEqual(all);
      expect(await idsSince(finishedAt)).toEqual(all.filter((id) => id !== ids.done));
      expect(await idsSince(finishedAt + 60_000)).toEqual([ids.waiting, ids.leased, expired]);
    });

    test("pages cover all tasks, newest first", async () => {
      const setting = new Setting(backend);
      const ids: string[] = [];
      for (let n = 0; n < 7; n++) ids.push(await setting.add());
      const seen: string[] = [];
      let before: string | undefined;
      do {
        const part = await setting.queue.list({ limit: 3, before });
        seen.push(...part.items.map((task) => task.id));
        before = part.next;
      } while (before !== undefined);
      expect(seen).toEqual(ids.toReversed());
    });

    test("pruning deletes done and cancelled tasks with their keys", async () => {
      const { setting, ids } = await oneOfEach(backend);
      setting.clock.advance(1);
      expect(await setting.queue.prune(setting.clock.now())).toBe(2);
      expect(await setting.queue.show(ids.done)).toBeUndefined();
      expect(await setting.queue.counts()).toMatchObject({
        total: { waiting: 2, leased: 1, done: 0, dead: 1, cancelled: 0 },
      });
      await setting.add({ idempotencyKey: ids.done });
      expect((await setting.queue.list({ limit: 10 })).items).toHaveLength(5);
    });
  });
}
