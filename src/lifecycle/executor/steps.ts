import { type SwarmError, toSwarmError } from "../../errors.ts";
import type { Lease } from "../../store/leases.ts";
import type { OperationStep, Operations } from "../../store/operations.ts";
import type { LifecycleEvent } from "../event.ts";
import type { Step } from "../run.ts";
import { refuseFinal } from "./cancel.ts";
import type { Work } from "./work.ts";

interface Journal {
  readonly operations: Operations;
  readonly lease: Lease;
  readonly onEvent: (event: LifecycleEvent) => void;
}

/** A step failed; with it `begun`, which can be taken back. */
export class StepFailed extends Error {
  readonly step: Step;
  override readonly cause: SwarmError;

  constructor(step: Step, cause: unknown) {
    super(`step ${step.name} failed`);
    this.step = step;
    this.cause = toSwarmError(cause);
  }
}

/**
 * Does the steps of an operation one after the other, each recorded before and after. Those that had ended when it was
 * left are not done again.
 *
 * @throws StepFailed
 */
export async function doSteps(steps: readonly Step[], { run, details }: Work, journal: Journal): Promise<void> {
  const { id } = run.operation;
  const earlier = new Map((await journal.operations.steps(id)).map((row) => [row.name, row]));
  for (const [position, step] of steps.entries()) {
    const before = earlier.get(step.name);
    if (before?.status === "succeeded") {
      details.set(step.name, before.detail);
      continue;
    }
    // One after which it can only go forward does not begin for whoever has been asked to stop.
    if (step.final && run.signal.aborted) throw new StepFailed(step, run.signal.reason);
    await record(journal, id, { position, name: step.name, status: "running" }, "started");
    try {
      run.signal.throwIfAborted();
      const detail = (await step.run(run)) ?? null;
      details.set(step.name, detail);
      await record(journal, id, { position, name: step.name, status: "succeeded", detail }, "done");
    } catch (error) {
      const detail = { error: toSwarmError(error).message };
      await record(journal, id, { position, name: step.name, status: "failed", detail }, "failed").catch(() => {});
      throw new StepFailed(step, error);
    }
  }
}

/**
 * Takes back what has begun of an operation, last step first.
 *
 * @throws SwarmError SW620 when it can only go forward
 */
export async function undoSteps(
  steps: readonly Step[],
  { run, details }: Pick<Work, "run" | "details">,
  journal: Journal,
): Promise<void> {
  const { id } = run.operation;
  await refuseFinal(journal.operations, run.operation, steps);
  const recorded = await journal.operations.steps(id);
  for (const { name, status, detail } of recorded) if (status !== "failed") details.set(name, detail);
  const begun = new Set(recorded.map(({ name }) => name));
  const toUndo = steps.map((step, position) => ({ step, position })).filter(({ step }) => begun.has(step.name));
  for (const { step, position } of toUndo.reverse()) {
    const { name } = step;
    journal.onEvent({ type: "phase", operation: id, name, phase: "undoing" });
    // Half undone it is not done any more: whoever resumes the operation does it again. What it has recorded, its undo needs.
    await journal.operations.record(id, journal.lease, { position, name, status: "running", detail: run.detail(name) });
    await step.undo?.(run);
    await record(journal, id, { position, name, status: "undone" }, "undone");
  }
}

async function record(
  { operations, lease, onEvent }: Journal,
  operation: string,
  step: OperationStep,
  phase: Extract<LifecycleEvent, { type: "phase" }>["phase"],
): Promise<void> {
  await operations.record(operation, lease, step);
  onEvent({ type: "phase", operation, name: step.name, phase });
}
