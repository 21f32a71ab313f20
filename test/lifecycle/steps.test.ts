import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { doSteps, StepFailed, undoSteps } from "../../src/lifecycle/executor/steps.ts";
import type { Work } from "../../src/lifecycle/executor/work.ts";
import type { Run, Step } from "../../src/lifecycle/run.ts";
import type { Json } from "../../src/store/json.ts";
import { openStore } from "../../src/store/store.ts";

/** An operation in a store of its own, and what each runner of it works with. */
async function operation() {
  const folder = mkdtempSync(join(tmpdir(), "swarm-steps-"));
  const store = await openStore({ kind: "sqlite", path: join(folder, "store.db") }, { now: () => Date.now() });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const acquired = await store.leases.acquire("cluster/c", "runner", 60_000);
  if (!acquired.ok) throw new Error("held");
  const opened = await store.operations.open({ clusterId: "c", kind: "hibernate", generation: 1, actor: "ana" });
  const journal = { operations: store.operations, lease: acquired.lease, onEvent: () => {} };
  const work = (): Work => {
    const details = new Map<string, Json>();
    const signal = new AbortController().signal;
    const run = { operation: opened, signal, detail: (step: string) => details.get(step) ?? null } as unknown as Run;
    return { run, details, claimed: [], changes: {}, close: () => {} };
  };
  const statuses = async () =>
    Object.fromEntries((await store.operations.steps(opened.id)).map(({ name, status }) => [name, status]));
  return { journal, work, statuses };
}

test("a step that was being taken back is done again by whoever resumes, with what it had recorded in hand for its undo", async () => {
  const { journal, work, statuses } = await operation();
  const did: string[] = [];
  let isBroken = true;
  const steps: readonly Step[] = [
    {
      name: "make",
      async run() {
        did.push("make");
        return { name: "g2" };
      },
      async undo(run) {
        did.push(`unmake ${(run.detail("make") as { name: string }).name}`);
        if (isBroken) throw new Error("killed half way");
      },
    },
    { name: "use", run: async () => Promise.reject(new Error("cannot")) },
  ];
  await expect(doSteps(steps, work(), journal)).rejects.toBeInstanceOf(StepFailed);
  await expect(undoSteps(steps, work(), journal)).rejects.toThrow("killed half way");
  expect(await statuses()).toEqual({ make: "running", use: "undone" });

  // Forward: what is half gone is not taken for there.
  await expect(doSteps(steps, work(), journal)).rejects.toBeInstanceOf(StepFailed);
  expect(did).toEqual(["make", "unmake g2", "make"]);

  // Or back once more.
  isBroken = false;
  await undoSteps(steps, work(), journal);
  expect(did.at(-1)).toBe("unmake g2");
  expect(await statuses()).toEqual({ make: "undone", use: "undone" });
});
