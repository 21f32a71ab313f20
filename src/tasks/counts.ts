import type { QueueCounts, TaskCounts } from "./queue.ts";
import type { TaskState } from "./task.ts";

const none: TaskCounts = { waiting: 0, leased: 0, done: 0, dead: 0, cancelled: 0 };

/** Sums groups of tasks up, in all and for each selector. */
export function countsOf(
  groups: readonly { readonly selector: string; readonly state: TaskState; readonly tasks: number }[],
): QueueCounts {
  let total = none;
  const bySelector: Record<string, TaskCounts> = {};
  for (const { selector, state, tasks } of groups) {
    if (tasks === 0) continue;
    total = more(total, state, tasks);
    bySelector[selector] = more(bySelector[selector] ?? none, state, tasks);
  }
  return { total, bySelector };
}

function more(counts: TaskCounts, state: TaskState, tasks: number): TaskCounts {
  return { ...counts, [state]: counts[state] + tasks };
}
