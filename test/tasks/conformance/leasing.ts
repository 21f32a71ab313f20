import { describe, expect, test } from "vitest";
import type { Backend } from "../support/backends.ts";
import { leaseMs, Setting, writer } from "../support/setting.ts";

export function describeLeasing(backend: Backend): void {
  describe("leasing", () => {
    test("the fields of a leased task", async () => {
      const setting = new Setting(backend);
      const id = await setting.add({ payload: [1, "zwei"], idempotencyKey: "order-7" });
      expect(await setting.lease()).toEqual([
        {
          ...{ id, instance: "writer-0", epoch: 1, attempt: 1, until: setting.clock.now() + leaseMs },
          ...{ selector: { agent: "writer" }, payload: [1, "zwei"], priority: "normal", idempotencyKey: "order-7" },
        },
      ]);
      expect(await setting.queue.show(id)).toMatchObject({
        state: "leased",
        holder: { instance: "writer-0", epoch: 1, until: setting.clock.now() + leaseMs },
      });
    });

    test("a task matches an agent, a role or a capability", async () => {
      const setting = new Setting(backend);
      const ids = [
        await setting.add({ selector: { agent: "writer" } }),
        await setting.add({ selector: { role: "worker" } }),
        await setting.add({ selector: { capability: "seo" } }),
      ];
      await setting.add({ selector: { agent: "editor" } });
      await setting.add({ selector: { role: "lead" } });
      await setting.add({ selector: { capability: "video" } });
      const leased = await setting.lease({}, 10);
      expect(leased.map((task) => task.id).sort()).toEqual(ids.sort());
    });

    test("tasks are leased in order, the highest priority first", async () => {
      const setting = new Setting(backend);
      const low = await setting.add({ priority: "low" });
      const first = await setting.add();
      const second = await setting.add();
      const high = await setting.add({ priority: "high", selector: { capability: "seo" } });
      const leased = await setting.lease({}, 10);
      expect(leased.map((task) => task.id)).toEqual([high, first, second, low]);
    });

    test("no selector starves another", async () => {
      const setting = new Setting(backend);
      const lone = await setting.add({ selector: { capability: "copy" } });
      for (let n = 0; n < 20; n++) await setting.add({ selector: { agent: "writer" } });
      const leased = [...(await setting.lease({}, 4)), ...(await setting.lease({}, 4))];
      expect(leased.map((task) => task.id)).toContain(lone);
    });

    test("concurrent leases get different tasks, and all of them", async () => {
      const setting = new Setting(backend);
      const ids = await Promise.all(Array.from({ length: 60 }, () => setting.add()));
      const taken: string[] = [];
      for (let round = 0; round < 20 && taken.length < 60; round++) {
        const replies = await Promise.all(
          Array.from({ length: 12 }, (_, n) => setting.lease({ instance: `writer-${n}` }, 3)),
        );
        taken.push(...replies.flat().map((task) => task.id));
      }
      expect(taken.toSorted()).toEqual(ids.toSorted());
    });

    test("an expired lease is available again, as the next attempt under the same key", async () => {
      const setting = new Setting(backend);
      const id = await setting.add();
      const first = await setting.leaseOne();
      setting.clock.advance(leaseMs - 1);
      expect(await setting.lease({ instance: "writer-1" })).toEqual([]);
      setting.clock.advance(1);
      expect(await setting.queue.show(id)).toMatchObject({ state: "waiting", holder: undefined });
      const second = await setting.leaseOne({ instance: "writer-1" });
      expect(second).toMatchObject({ id, attempt: 2, idempotencyKey: first.idempotencyKey });
    });

    test("extending keeps a lease", async () => {
      const setting = new Setting(backend);
      await setting.add();
      const task = await setting.leaseOne();
      setting.clock.advance(leaseMs - 1);
      expect(await setting.queue.extend(task)).toEqual({ ok: true, until: setting.clock.now() + leaseMs });
      setting.clock.advance(leaseMs - 1);
      expect(await setting.lease({ instance: "writer-1" })).toEqual([]);
      setting.clock.advance(1);
      expect(await setting.queue.extend(task)).toEqual({ ok: false, reason: "lease-lost" });
    });

    test("a task without attempts left is dead-lettered, not leased", async () => {
      const setting = new Setting(backend);
      const id = await setting.add({ maxAttempts: 2 });
      for (let attempt = 1; attempt <= 2; attempt++) {
        expect(await setting.leaseOne()).toMatchObject({ attempt });
        setting.clock.advance(leaseMs);
      }
      expect(await setting.lease()).toEqual([]);
      expect(await setting.queue.show(id)).toMatchObject({ state: "dead", death: "attempts" });
    });

    test("a task is not leased after its deadline, but accepted if it was leased before", async () => {
      const setting = new Setting(backend);
      const deadlineAt = setting.clock.now() + 5_000;
      const begun = await setting.add({ deadlineAt });
      const lease = await setting.leaseOne();
      const late = await setting.add({ deadlineAt });
      setting.clock.advance(6_000);
      expect(await setting.queue.sweep()).toBe(1);
      expect(await setting.queue.show(late)).toMatchObject({ state: "dead", death: "deadline" });
      expect(await setting.queue.ack(lease, "in time enough")).toMatchObject({ ok: true });
      expect(await setting.queue.show(begun)).toMatchObject({ state: "done" });
    });

    test("a new epoch can lease at once what the earlier one held, and the earlier one is refused", async () => {
      const setting = new Setting(backend);
      const id = await setting.add();
      await setting.leaseOne();
      expect(await setting.leaseOne({ epoch: 2 })).toMatchObject({ id, attempt: 2, epoch: 2 });
      await setting.add();
      expect(await setting.queue.lease(writer, 1)).toEqual({ ok: false, reason: "old-epoch" });
      expect(await setting.queue.fence(writer.instance, 1)).toBe(false);
      expect(await setting.queue.fence(writer.instance, 2)).toBe(true);
    });
  });
}
