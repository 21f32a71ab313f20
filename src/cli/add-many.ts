import { randomUUID } from "node:crypto";
import pLimit from "p-limit";
import { addTask, type TaskSubmission } from "../drivers/control/task-calls.ts";
import { withMovingDriver } from "./clusters.ts";
import type { Context } from "./context.ts";

const callsAtOnce = 8;

/** Adds a task several times, each with a key of its own, and prints the ids. */
export async function addMany(
  context: Context,
  cluster: string | undefined,
  task: TaskSubmission,
  count: number,
): Promise<void> {
  // Made before the first call: it may be retried while the cluster is being migrated.
  const keys = Array.from({ length: count }, () => randomUUID());
  const ids = await withMovingDriver(context, cluster, (driver) =>
    pLimit(callsAtOnce).map(
      keys,
      async (idempotencyKey) => (await addTask(driver, { ...task, idempotencyKey }, context.signal)).id,
    ),
  );
  context.output.result({ ids }, () => ids.join("\n"));
}
