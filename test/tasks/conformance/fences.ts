import { describe, expect, test } from "vitest";
import type { FenceName } from "../../../src/tasks/fences.ts";
import type { LeaseProof } from "../../../src/tasks/queue.ts";
import type { Backend } from "../support/backends.ts";
import { leaseMs, Setting } from "../support/setting.ts";

/** Each case is one that a single fence stands against: it gives the proof that must not be accepted. */
const cases: Readonly<Record<FenceName, (setting: Setting) => Promise<LeaseProof>>> = {
  // It has restarted; its earlier life, a process that hung, comes back.
  life: async (setting) => {
    const task = await setting.leaseOne();
    await setting.queue.fence("writer-0", 2);
    return task;
  },
  // Another instance of the same age knows the task's id and attempt.
  instance: async (setting) => {
    const task = await setting.leaseOne();
    await setting.queue.fence("writer-1", 1);
    return { ...task, instance: "writer-1" };
  },
  // It has restarted, and ends what it finds in its state directory from before.
  epoch: async (setting) => {
    const task = await setting.leaseOne();
    await setting.queue.fence("writer-0", 2);
    return { ...task, epoch: 2 };
  },
  // It lost the task by being slow, got it again, and the first answer still arrives.
  attempt: async (setting) => {
    const task = await setting.leaseOne();
    setting.clock.advance(leaseMs);
    await setting.leaseOne();
    return task;
  },
};

const names = Object.keys(cases) as FenceName[];

export function describeFences(backend: Backend): void {
  describe.each(names)("the fence of the %s", (name) => {
    test("refuses whatever ends the lease", async () => {
      for (const end of ["ack", "fail", "handBack", "extend"] as const) {
        const setting = new Setting(backend);
        await setting.add();
        const proof = await cases[name](setting);
        expect(await run(setting, end, proof)).toMatchObject({ ok: false });
        expect((await setting.queue.show(proof.id))?.result).toBeUndefined();
      }
    });

    test("is the only one in that case: without it the result is accepted", async () => {
      const setting = new Setting(backend, [name]);
      await setting.add();
      const proof = await cases[name](setting);
      expect(await setting.queue.ack(proof, 1)).toMatchObject({ ok: true });
    });
  });
}

function run({ queue }: Setting, end: "ack" | "fail" | "handBack" | "extend", proof: LeaseProof): Promise<unknown> {
  if (end === "ack") return queue.ack(proof, 1);
  if (end === "fail") return queue.fail(proof, { error: "x", retryable: true });
  return queue[end](proof);
}
