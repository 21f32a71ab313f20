import { SwarmError } from "../../errors.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Operation, Operations } from "../../store/operations.ts";
import { findOperation } from "../records/cluster-repository.ts";
import type { JournalEntry } from "../records/journal.ts";
import { withRecords } from "../records/with-records.ts";
import type { Step } from "../run.ts";
import { type AnyOperation, operationOf } from "./definition.ts";

const lookMs = 1_000;

/** Rejects the rollback of an operation whose final step has started. @throws SwarmError SW620 */
export async function refuseFinal(operations: Operations, { id }: Operation, steps: readonly Step[]): Promise<void> {
  const begun = new Set((await operations.steps(id)).map(({ name }) => name));
  const final = steps.find((step) => step.final && begun.has(step.name));
  if (final === undefined) return;
  throw new SwarmError("SW620", `operation ${id} cannot be rolled back: its step ${final.name} has started`, {
    hints: [`complete it: swarmctl ops resume ${id}`],
    values: { operation: id, step: final.name },
  });
}

/** Polls for a cancellation of a running operation; its signal aborts when there is one. */
export function watchCancel(
  operations: Operations,
  operation: Operation,
  steps: readonly Step[],
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const timer = setInterval(() => {
    // A store that is not reachable is not a cancellation.
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

/**
 * Requests that the runner of an operation stops and rolls it back.
 *
 * @throws SwarmError SW622 for an unknown id, SW620 when the operation is not running or cannot be rolled back
 */
export async function cancelOperation(
  settings: Settings,
  known: readonly AnyOperation[],
  id: string,
): Promise<JournalEntry> {
  return withRecords(settings, async (store) => {
    const { operation, cluster } = await findOperation(store, id);
    await refuseFinal(store.operations, operation, operationOf(operation.kind, known).steps);
    if (await store.operations.requestCancel(id)) return { ...operation, cluster: cluster.name };
    throw new SwarmError("SW620", `operation ${id} is not running: it is ${operation.status}`, {
      hints: operation.status === "failed" ? [`roll it back: swarmctl ops rollback ${id}`] : [],
      values: { operation: id, status: operation.status },
    });
  });
}
