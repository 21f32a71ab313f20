import { describe, expect, test } from "vitest";
import type { Backend } from "../support/backends.ts";
import { Setting } from "../support/setting.ts";

const seo = { agent: "s", role: "s", capabilities: ["seo"], instance: "s-0" };

/** A queue with one task in each state, and an empty destination. */
async function twoQueues(backend: Backend) {
  const [from, to] = [new Setting(backend), new Setting(backend)];
  const done = await from.add({ selector: { capability: "seo" }, priority: "high", idempotencyKey: "k" });
  await from.queue.ack(await from.leaseOne(seo), { words: 900 });
  const dead = await from.add({ selector: { capability: "seo" } });
  await from.queue.fail(await from.leaseOne(seo), { error: "x", retryable: false });
  const leased = await from.add({ selector: { capability: "seo" } });
  const lease = await from.leaseOne(seo);
  const cancelled = await from.add();
  await from.queue.cancel(cancelled);
  const waiting = await from.add({ deadlineAt: from.clock.now() + 60_000 });
  to.clock.advance(from.clock.now() - to.clock.now());
  const carry = async () => to.queue.takeOver((await from.queue.list({ limit: 100 })).items);
  return { from, to, carry, lease, ids: { done, dead, leased, cancelled, waiting } };
}

export function describeCarrying(backend: Backend): void {
  describe("carrying", () => {
    test("imported tasks keep ids, keys, attempts and results; a repeated import changes nothing", async () => {
      const { from, to, carry, ids } = await twoQueues(backend);
      for (let times = 0; times < 2; times++) {
        await carry();
        for (const state of ["done", "dead", "cancelled", "waiting"] as const) {
          expect(await to.queue.show(ids[state])).toEqual(await from.queue.show(ids[state]));
        }
        expect((await to.queue.counts()).total).toEqual({ waiting: 2, leased: 0, done: 1, dead: 1, cancelled: 1 });
      }
      expect(await to.queue.add({ ...(await sameAs(from, ids.done)), idempotencyKey: "k" })).toMatchObject({
        status: "present",
        id: ids.done,
      });
      expect(await to.lease({ agent: "writer", role: "worker", capabilities: [] }, 5)).toMatchObject([
        { id: ids.waiting },
      ]);
    });

    test("a leased task becomes waiting, at its next attempt; its holder is refused", async () => {
      const { to, carry, lease, ids } = await twoQueues(backend);
      await carry();
      expect(await to.queue.show(ids.leased)).toMatchObject({ state: "waiting", attempt: 1, handedBack: 1 });
      expect(await to.queue.ack(lease, 1)).toMatchObject({ ok: false });
      const again = await to.leaseOne({ ...seo, epoch: 2 });
      expect(again).toMatchObject({ id: ids.leased, attempt: 2 });
      expect(await to.queue.ack(again, 2)).toMatchObject({ ok: true });
    });

    test("an import replaces tasks of the same id: a task imported too early gets its current state", async () => {
      const { from, to, carry, lease, ids } = await twoQueues(backend);
      await carry();
      await from.queue.ack(lease, "late");
      await from.queue.requeue(ids.dead);
      await carry();
      expect(await to.queue.show(ids.leased)).toEqual(await from.queue.show(ids.leased));
      expect(await to.queue.show(ids.dead)).toEqual(await from.queue.show(ids.dead));
      expect(await to.queue.counts()).toEqual(await from.queue.counts());
      const held = await to.lease(seo, 5);
      expect(held.map(({ id }) => id)).toEqual([ids.dead]);
    });
  });
}

async function sameAs({ queue }: Setting, id: string) {
  const task = await queue.show(id);
  if (task === undefined) throw new Error(`no task ${id}`);
  const { selector, payload, priority, maxAttempts, leaseMs } = task;
  return { selector, payload, priority, maxAttempts, leaseMs };
}
