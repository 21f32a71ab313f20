import { isExhausted } from "./dead-letter-at.ts";
import { rank, type TaskRow } from "./rows.ts";
import { selectorWord } from "./selector.ts";
import type { Task } from "./task.ts";

/**
 * Converts a task for import; a leased one becomes waiting and gets its attempt back, because its holder can no
 * longer settle it. A task whose final lease has expired is dead-lettered.
 */
export function importedTask(task: Task, now: number): Task {
  if (task.state === "waiting" && isExhausted(task)) {
    return { ...task, state: "dead", death: "attempts", finishedAt: now };
  }
  if (task.state !== "leased") return task;
  return { ...task, state: "waiting", handedBack: task.handedBack + 1, availableAt: now, holder: undefined };
}

/** The common columns of an imported task, without a lease. */
export function rowOfImported(cluster: string, task: Task): TaskRow {
  const { id, idempotencyKey, state, attempt, handedBack, maxAttempts, leaseMs, availableAt, createdAt } = task;
  const { payload, selector, priority, deadlineAt = null, finishedAt = null, error = null } = task;
  return {
    ...{ clusterId: cluster, id, idempotencyKey, state, attempt, handedBack, maxAttempts, leaseMs, availableAt },
    ...{ selector: selectorWord(selector), payload: JSON.stringify(payload), priority: rank[priority] },
    ...{ deadlineAt, finishedAt, error, createdAt, instance: null, epoch: null },
    buryAt: finishedAt === null ? deadlineAt : null,
    errorAttempt: error === null ? null : attempt,
  };
}
