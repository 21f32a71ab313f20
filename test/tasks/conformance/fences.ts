import { describe, expect, test } from "vitest";
import type { FenceName } from "../../../src/tasks/fences.ts";
import type { LeaseProof } from "../../../src/tasks/queue.ts";
import type { Backend } from "../support/backends.ts";
import { leaseMs, Setting } from "../support/setting.ts";

/** A case for each fence that only this fence covers: it returns the proof that must be refused. */
const cases: Readonly<Record<FenceName, (setting: Setting) => Promise<LeaseProof>>> = {
  // The instance has restarted; its earlier, hanging process continues.
  life: async (setting) => {
    const task = await setting.leaseOne();
    await setting.queue.fence("writer-0", 2);
    return task;
  },
  // Another instance of the same epoch knows the task's id and attempt.
  instance: async (setting) => {
    const task = await setting.leaseOne();
    await setting.queue.fence("writer-1", 1);
    return { ...task, instance: "writer-1" };
  },
  // The instance has restarted, and settles a lease from its state directory.
  epoch: async (setting) => {
    const task = await setting.leaseOne();
    await setting.queue.fence("writer-0", 2);
    return { ...task, epoch: 2 };
  },
  // The instance lost the task by being slow, leased it again, and its first answer arrives late.
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
    test("refuses every call that settles the lease", async () => {
      for (const end of ["ack", "fail", "handBack", "extend"] as const) {
        const setting = new Setting(backend);
        await setting.add();
        const proof = await cases[name](setting);
        expect(await run(setting, end, proof)).toMatchObject({ ok: false });
        expect((await setting.queue.show(proof.id))?.result).toBeUndefined();
      }
    });

    test("is necessary: without it the result is accepted", async () => {
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
