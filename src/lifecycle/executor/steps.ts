import { SwarmError, toSwarmError } from "../../errors.ts";
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

/** A failed step, with the error that it failed with. */
export class StepFailed extends Error {
  readonly step: Step;
  override readonly cause: SwarmError;

  constructor(step: Step, cause: SwarmError) {
    super(`step ${step.name} failed`);
    this.step = step;
    this.cause = cause;
  }
}

/**
 * Runs the steps of an operation in order and records each before and after. A resume skips the steps that have succeeded.
 *
 * @throws StepFailed with SW606 and the completed steps when the signal is aborted, else with the error of the step
 */
export async function doSteps(steps: readonly Step[], { run, details }: Work, journal: Journal): Promise<void> {
  const { id } = run.operation;
  const earlier = new Map((await journal.operations.steps(id)).map((row) => [row.name, row]));
  const done: string[] = [];
  for (const [position, step] of steps.entries()) {
    const before = earlier.get(step.name);
    if (before?.status === "succeeded") {
      details.set(step.name, before.detail);
      done.push(step.name);
      continue;
    }
    const abortedAt = { step: step.name, completed: done, isFresh: earlier.size === 0 };
    // An aborted operation must not start a step that rules out a rollback.
    if (step.final && run.signal.aborted) {
      throw new StepFailed(step, explained(run.signal.reason, { ...abortedAt, when: "before" }));
    }
    await record(journal, id, { position, name: step.name, status: "running" }, "started");
    let when: "before" | "during" = "before";
    try {
      run.signal.throwIfAborted();
      when = "during";
      const detail = (await step.run(run)) ?? null;
      details.set(step.name, detail);
      await record(journal, id, { position, name: step.name, status: "succeeded", detail }, "done");
      done.push(step.name);
    } catch (thrown) {
      const error = explained(thrown, { ...abortedAt, when });
      const detail = { error: error.message };
      await record(journal, id, { position, name: step.name, status: "failed", detail }, "failed").catch(() => {});
      throw new StepFailed(step, error);
    }
  }
}

interface AbortedAt {
  readonly step: string;
  readonly when: "before" | "during";
  readonly completed: readonly string[];
  /** No step has a record from an earlier run. */
  readonly isFresh: boolean;
}

/** Converts the error of a step; an abort becomes SW606 with the step and the completed steps. */
function explained(thrown: unknown, { step, when, completed, isFresh }: AbortedAt): SwarmError {
  if (!(thrown instanceof Error) || thrown.name !== "AbortError") return toSwarmError(thrown);
  const untouched = isFresh && when === "before" ? "; no step has run" : "";
  const rest = completed.length > 0 ? `; completed steps: ${completed.join(", ")}` : untouched;
  return new SwarmError("SW606", `interrupted ${when} step ${step}${rest}`, {
    values: { step, completed: [...completed] },
    cause: thrown,
  });
}

/**
 * Undoes the started steps of an operation, last step first.
 *
 * @throws SwarmError SW620 when a final step has started
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
    // Recorded as running, so that a resume repeats a step whose undo was interrupted. The undo needs the recorded detail.
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
