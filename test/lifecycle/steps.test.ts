import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { doSteps, StepFailed, undoSteps } from "../../src/lifecycle/executor/steps.ts";
import type { Work } from "../../src/lifecycle/executor/work.ts";
import type { Run, Step } from "../../src/lifecycle/run.ts";
import type { Json } from "../../src/store/json.ts";
import { openStore } from "../../src/store/store.ts";

/** An operation in a separate store, and the environment of each of its runners. */
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
  const work = (signal = new AbortController().signal): Work => {
    const details = new Map<string, Json>();
    const run = { operation: opened, signal, detail: (step: string) => details.get(step) ?? null } as unknown as Run;
    return { run, details, claimed: [], changes: {}, close: () => {} };
  };
  const statuses = async () =>
    Object.fromEntries((await store.operations.steps(opened.id)).map(({ name, status }) => [name, status]));
  return { journal, work, statuses };
}

test("a resume repeats a step whose undo was interrupted, and its next undo has the recorded detail", async () => {
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

  // A resume repeats the half-undone step.
  await expect(doSteps(steps, work(), journal)).rejects.toBeInstanceOf(StepFailed);
  expect(did).toEqual(["make", "unmake g2", "make"]);

  // A second rollback completes the undo.
  isBroken = false;
  await undoSteps(steps, work(), journal);
  expect(did.at(-1)).toBe("unmake g2");
  expect(await statuses()).toEqual({ make: "undone", use: "undone" });
});

describe("an abort names the step and the completed steps", () => {
  /** Returns a runner of the steps open, drain and commit, aborted during the named step or before the first one. */
  async function abortedRunner(during: string | undefined) {
    const { journal, work } = await operation();
    const controller = new AbortController();
    if (during === undefined) controller.abort();
    const step = (name: string, isHanging: boolean): Step => ({
      name,
      final: name === "commit",
      async run({ signal }) {
        if (name === during) controller.abort();
        if (isHanging) signal.throwIfAborted();
        return undefined;
      },
    });
    const names = ["open", "drain", "commit"];
    const run = (isHanging: boolean) =>
      doSteps(
        names.map((name) => step(name, isHanging)),
        work(controller.signal),
        journal,
      ).catch((error: unknown) => (error instanceof StepFailed ? error.cause : error));
    return run;
  }

  test.each([
    { during: undefined, isHanging: false, message: "interrupted before step open; no step has run", completed: [] },
    { during: "open", isHanging: true, message: "interrupted during step open", completed: [] },
    {
      during: "open",
      isHanging: false,
      message: "interrupted before step drain; completed steps: open",
      completed: ["open"],
    },
    {
      during: "drain",
      isHanging: true,
      message: "interrupted during step drain; completed steps: open",
      completed: ["open"],
    },
    {
      during: "drain",
      isHanging: false,
      message: "interrupted before step commit; completed steps: open, drain",
      completed: ["open", "drain"],
    },
  ])("$message", async ({ during, isHanging, message, completed }) => {
    const run = await abortedRunner(during);
    expect(await run(isHanging)).toMatchObject({ code: "SW606", message, values: { completed } });
  });

  test("a resume that is aborted before a step does not claim that no step has run", async () => {
    const run = await abortedRunner("open");
    await run(true);
    expect(await run(false)).toMatchObject({ code: "SW606", message: "interrupted before step open" });
  });
});
