import { isExhausted } from "./dead-letter-at.ts";
import { rank, type TaskRow } from "./rows.ts";
import { selectorWord } from "./selector.ts";
import type { Task } from "./task.ts";

/**
 * A task as it is to be in the queue that it is carried to. Whoever works on it does so where it was, and is not heard any
 * more: it waits again, and that attempt does not count, as nobody has failed. One whose last lease has expired is given up.
 */
export function importedTask(task: Task, now: number): Task {
  if (task.state === "waiting" && isExhausted(task)) {
    return { ...task, state: "dead", death: "attempts", finishedAt: now };
  }
  if (task.state !== "leased") return task;
  return { ...task, state: "waiting", handedBack: task.handedBack + 1, availableAt: now, holder: undefined };
}

/** The columns that every task has, of one that nobody holds. */
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
