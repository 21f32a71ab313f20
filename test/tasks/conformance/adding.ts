import { describe, expect, test } from "vitest";
import type { Backend } from "../support/backends.ts";
import { newTask, Setting } from "../support/setting.ts";

export function describeAdding(backend: Backend): void {
  describe("adding", () => {
    test("a task is returned as it was added", async () => {
      const setting = new Setting(backend);
      const payload = { text: 'ä🚀 "quoted" \n', list: [], none: null, deep: { n: 1.5 } };
      const id = await setting.add({ payload, priority: "high", selector: { capability: "seo" } });
      expect(await setting.queue.show(id)).toEqual({
        ...{ id, payload, priority: "high", selector: { capability: "seo" }, state: "waiting" },
        ...{ attempt: 0, handedBack: 0, maxAttempts: 3, leaseMs: newTask.leaseMs, idempotencyKey: id },
        ...{ createdAt: setting.clock.now(), availableAt: setting.clock.now() },
        ...{ deadlineAt: undefined, holder: undefined, finishedAt: undefined, error: undefined, death: undefined },
        result: undefined,
      });
    });

    test("the same key is the same task; with another payload it is a conflict", async () => {
      const { queue } = new Setting(backend);
      const first = await queue.add({ ...newTask, idempotencyKey: "k" });
      expect(first.status).toBe("added");
      expect(await queue.add({ ...newTask, idempotencyKey: "k" })).toEqual({ status: "present", id: first.id });
      const other = { ...newTask, payload: 2, idempotencyKey: "k" };
      expect(await queue.add(other)).toEqual({ status: "conflict", id: first.id });
      expect((await queue.counts()).total.waiting).toBe(1);
    });

    test("twenty concurrent additions under one key are one task", async () => {
      const { queue } = new Setting(backend);
      const replies = await Promise.all(
        Array.from({ length: 20 }, () => queue.add({ ...newTask, idempotencyKey: "one" })),
      );
      expect(replies.filter((reply) => reply.status === "added")).toHaveLength(1);
      expect(new Set(replies.map((reply) => reply.id)).size).toBe(1);
    });

    test("clusters do not see each other's tasks", async () => {
      const [one, other] = [new Setting(backend), new Setting(backend)];
      const id = await one.add();
      expect(await other.lease()).toEqual([]);
      expect(await other.queue.show(id)).toBeUndefined();
      expect(await one.lease()).toHaveLength(1);
    });
  });
}
