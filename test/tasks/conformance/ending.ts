import { describe, expect, test } from "vitest";
import type { Backend } from "../support/backends.ts";
import { leaseMs, Setting } from "../support/setting.ts";

const failure = { error: "no network", retryable: true };

export function describeEnding(backend: Backend): void {
  describe("ending", () => {
    test("a result is accepted once; repeated, the reply is the same", async () => {
      const setting = new Setting(backend);
      const id = await setting.add();
      const task = await setting.leaseOne();
      const reply = await setting.queue.ack(task, { words: 900 });
      expect(reply).toEqual({ ok: true, instance: "writer-0", attempt: 1, acceptedAt: setting.clock.now() });
      setting.clock.advance(1_000);
      expect(await setting.queue.ack(task, { words: 7 })).toEqual(reply);
      expect(await setting.queue.show(id)).toMatchObject({
        state: "done",
        result: { value: { words: 900 }, attempt: 1, instance: "writer-0", epoch: 1 },
      });
    });

    test("many acknowledgements at once are one", async () => {
      const setting = new Setting(backend);
      const id = await setting.add();
      const task = await setting.leaseOne();
      const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => setting.queue.ack(task, n)));
      expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
      expect(replies[0]).toMatchObject({ ok: true });
      expect((await setting.queue.counts()).total).toMatchObject({ done: 1, leased: 0 });
      expect((await setting.queue.show(id))?.state).toBe("done");
    });

    test("a late result without another lease is accepted", async () => {
      const setting = new Setting(backend);
      await setting.add();
      const task = await setting.leaseOne();
      setting.clock.advance(10 * leaseMs);
      expect(await setting.lease({ agent: "editor", role: "lead", capabilities: [], instance: "e-0" })).toEqual([]);
      expect(await setting.queue.ack(task, 1)).toMatchObject({ ok: true, attempt: 1 });
      expect(await setting.lease()).toEqual([]);
    });

    test("a late result is refused under another lease, and gets the stored reply after the other's result", async () => {
      const setting = new Setting(backend);
      await setting.add();
      const lost = await setting.leaseOne();
      setting.clock.advance(leaseMs);
      const taken = await setting.leaseOne({ instance: "writer-1" });
      expect(await setting.queue.ack(lost, "late")).toEqual({ ok: false, reason: "lease-lost" });
      const reply = await setting.queue.ack(taken, "mine");
      expect(reply).toMatchObject({ ok: true, instance: "writer-1", attempt: 2 });
      expect(await setting.queue.ack(lost, "late")).toEqual(reply);
      expect((await setting.queue.show(lost.id))?.result?.value).toBe("mine");
    });

    test("a failed attempt waits longer each time, then the task is dead and can be requeued", async () => {
      const setting = new Setting(backend);
      const id = await setting.add({ maxAttempts: 2 });
      const first = await setting.leaseOne();
      const availableAt = setting.clock.now() + 750;
      expect(await setting.queue.fail(first, failure)).toEqual({ ok: true, state: "waiting", availableAt });
      expect(await setting.queue.fail(first, failure)).toEqual({ ok: true, state: "waiting", availableAt });
      expect(await setting.queue.show(id)).toMatchObject({ state: "waiting", error: "no network", availableAt });
      setting.clock.advance(749);
      expect(await setting.lease()).toEqual([]);
      setting.clock.advance(1);
      expect(await setting.queue.fail(await setting.leaseOne(), failure)).toEqual({ ok: true, state: "dead" });
      expect(await setting.queue.show(id)).toMatchObject({ state: "dead", death: "attempts" });
      expect(await setting.queue.requeue(id)).toBe("waiting");
      expect(await setting.queue.show(id)).toMatchObject({ state: "waiting", death: undefined, finishedAt: undefined });
      expect(await setting.queue.ack(await setting.leaseOne(), 1)).toMatchObject({ ok: true, attempt: 3 });
      expect(await setting.queue.requeue(id)).toBe("done");
    });

    test("a failure that is not retryable is final", async () => {
      const setting = new Setting(backend);
      const id = await setting.add();
      const task = await setting.leaseOne();
      expect(await setting.queue.fail(task, { error: "bad input", retryable: false })).toEqual({
        ...{ ok: true, state: "dead" },
      });
      expect(await setting.queue.show(id)).toMatchObject({ state: "dead", death: "failed", error: "bad input" });
      expect(await setting.queue.ack(task, 1)).toEqual({ ok: false, reason: "lease-lost" });
    });

    test("a handed-back task does not count as an attempt", async () => {
      const setting = new Setting(backend);
      const id = await setting.add({ maxAttempts: 1 });
      for (let n = 0; n < 3; n++) {
        expect(await setting.queue.handBack(await setting.leaseOne())).toMatchObject({ ok: true, state: "waiting" });
      }
      expect(await setting.queue.show(id)).toMatchObject({ state: "waiting", attempt: 3, handedBack: 3 });
      expect(await setting.queue.fail(await setting.leaseOne(), failure)).toEqual({ ok: true, state: "dead" });
    });

    test("a cancelled task has no holder, also while it was leased", async () => {
      const setting = new Setting(backend);
      const [waiting, leased] = [await setting.add({ selector: { role: "lead" } }), await setting.add()];
      const task = await setting.leaseOne();
      expect(await setting.queue.cancel(waiting)).toBe("cancelled");
      expect(await setting.queue.cancel(leased)).toBe("cancelled");
      expect(await setting.queue.cancel(leased)).toBe("cancelled");
      expect(await setting.queue.cancel("task-0")).toBeUndefined();
      expect(await setting.queue.extend(task)).toEqual({ ok: false, reason: "lease-lost" });
      expect(await setting.queue.ack(task, 1)).toEqual({ ok: false, reason: "lease-lost" });
      setting.clock.advance(10 * leaseMs);
      expect(await setting.lease({ role: "lead" }, 5)).toEqual([]);
      expect((await setting.queue.counts()).total.cancelled).toBe(2);
    });

    test("a removed task is gone with its key, whatever its end; a leased one stays", async () => {
      const setting = new Setting(backend);
      const waiting = await setting.add({ idempotencyKey: "again" });
      expect(await setting.queue.remove(waiting)).toBe("waiting");
      expect(await setting.queue.remove(waiting)).toBeUndefined();
      expect(await setting.lease()).toEqual([]);
      const added = await setting.add({ idempotencyKey: "again" });
      expect(added).not.toBe(waiting);
      const task = await setting.leaseOne();
      expect(await setting.queue.remove(added)).toBe("leased");
      expect(await setting.queue.ack(task, 1)).toMatchObject({ ok: true });
      expect(await setting.queue.remove(added)).toBe("done");
      const dead = await setting.add();
      await setting.queue.fail(await setting.leaseOne(), { error: "x", retryable: false });
      expect(await setting.queue.remove(dead)).toBe("dead");
      const expired = await setting.add();
      const lost = await setting.leaseOne();
      setting.clock.advance(leaseMs);
      expect(await setting.queue.remove(expired)).toBe("waiting");
      expect(await setting.queue.ack(lost, 1)).toEqual({ ok: false, reason: "unknown" });
      expect(await setting.lease()).toEqual([]);
      expect(Object.values((await setting.queue.counts()).total)).toEqual([0, 0, 0, 0, 0]);
      expect((await setting.queue.list({ limit: 10 })).items).toEqual([]);
    });

    test("an unknown task", async () => {
      const { queue } = new Setting(backend);
      const proof = { id: "task-0", instance: "writer-0", epoch: 1, attempt: 1 };
      const unknown = { ok: false, reason: "unknown" };
      expect(await queue.ack(proof, 1)).toEqual(unknown);
      expect(await queue.fail(proof, failure)).toEqual(unknown);
      expect(await queue.extend(proof)).toEqual(unknown);
      expect(await queue.handBack(proof)).toEqual(unknown);
      expect(await queue.requeue("task-0")).toBeUndefined();
      expect(await queue.show("task-0")).toBeUndefined();
    });
  });
}
