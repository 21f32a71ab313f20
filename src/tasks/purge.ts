import { z } from "zod";
import type { TaskQueue } from "./queue.ts";
import { selectorWord } from "./selector.ts";
import { type Task, taskStates } from "./task.ts";

/** States in which a task can be deleted: no instance works on it. */
export const purgeableStates = taskStates.filter((state) => state !== "leased");

export const purgeFilterSchema = z.strictObject({
  states: z.array(z.enum(taskStates).exclude(["leased"])).min(1),
  /** Only tasks for this agent, role or capability: `agent:<key>`, `role:<role>`, `capability:<word>`. */
  selector: z.string().optional(),
  /** Only tasks that ended before this time, or were added before it and have not ended; milliseconds since the epoch. */
  before: z.number().optional(),
});
export type PurgeFilter = z.infer<typeof purgeFilterSchema>;

/** Whether a filter selects a task. */
export function isPurged(
  { state, selector, createdAt, finishedAt }: Pick<Task, "state" | "selector" | "createdAt" | "finishedAt">,
  filter: PurgeFilter,
): boolean {
  if (!filter.states.some((one) => one === state)) return false;
  if (filter.selector !== undefined && filter.selector !== selectorWord(selector)) return false;
  return filter.before === undefined || (finishedAt ?? createdAt) < filter.before;
}

export interface Purged {
  /** Number of deleted tasks; in a dry run, of selected ones. */
  readonly purged: number;
  /** Tasks that an instance has leased meanwhile; they stay. */
  readonly leased: number;
}

const pageSize = 500;

/**
 * Deletes the tasks that a filter selects, newest first. A task that an instance leases meanwhile stays.
 *
 * @param isDry only counts them
 */
export async function purge(
  queue: Pick<TaskQueue, "list" | "remove">,
  filter: PurgeFilter,
  isDry: boolean,
): Promise<Purged> {
  let purged = 0;
  let leased = 0;
  for (const state of new Set(filter.states)) {
    let before: string | undefined;
    do {
      const page = await queue.list({ state, limit: pageSize, before });
      for (const task of page.items) {
        if (!isPurged(task, filter)) continue;
        const last = isDry ? task.state : await queue.remove(task.id);
        if (last === "leased") leased++;
        else if (last !== undefined) purged++;
      }
      before = page.next;
    } while (before !== undefined);
  }
  return { purged, leased };
}
