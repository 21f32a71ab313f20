import { SwarmError } from "../errors.ts";
import type { Operation, Operations } from "../store/operations.ts";
import type { Step } from "./run.ts";

const lookMs = 1_000;

/** @throws SwarmError SW620 when a step has begun after which an operation can only go forward */
export async function refuseFinal(operations: Operations, { id }: Operation, steps: readonly Step[]): Promise<void> {
  const begun = new Set((await operations.steps(id)).map(({ name }) => name));
  const final = steps.find((step) => step.final && begun.has(step.name));
  if (final === undefined) return;
  throw new SwarmError("SW620", `operation ${id} cannot be taken back: it has begun to ${final.name}`, {
    hints: [`finish it: swarmctl ops resume ${id}`],
    values: { operation: id, step: final.name },
  });
}

/** Looks, while an operation is done, whether somebody wants it to be taken back. */
export function watchCancel(
  operations: Operations,
  operation: Operation,
  steps: readonly Step[],
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const timer = setInterval(() => {
    // A store that is away is no wish.
    void isCancelled(operations, operation, steps).then(
      (cancelled) => cancelled && controller.abort(),
      () => {},
    );
  }, lookMs);
  timer.unref();
  return { signal: controller.signal, end: () => clearInterval(timer) };
}

async function isCancelled(operations: Operations, operation: Operation, steps: readonly Step[]): Promise<boolean> {
  if ((await operations.show(operation.id))?.cancelRequestedAt == null) return false;
  await refuseFinal(operations, operation, steps);
  return true;
}
