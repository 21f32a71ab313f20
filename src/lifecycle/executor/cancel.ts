import { SwarmError } from "../../errors.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Operation, Operations } from "../../store/operations.ts";
import { findOperation } from "../records/cluster-repository.ts";
import type { JournalEntry } from "../records/journal.ts";
import { withRecords } from "../records/with-records.ts";
import type { Step } from "../run.ts";
import { type AnyOperation, operationOf } from "./definition.ts";

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

/**
 * Asks whoever does an operation to stop and take it back, as long as it can be.
 *
 * @throws SwarmError SW622 when there is none of this id, SW620 when nobody does it now, or it can only go forward
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
    throw new SwarmError("SW620", `nobody does operation ${id} now: it is ${operation.status}`, {
      hints: operation.status === "failed" ? [`take it back: swarmctl ops rollback ${id}`] : [],
      values: { operation: id, status: operation.status },
    });
  });
}
