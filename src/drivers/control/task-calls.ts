import type { z } from "zod";
import {
  addedSchema,
  changedSchema,
  countsSchema,
  purgedSchema,
  type TaskCountsView,
  type TaskPage,
  type TaskView,
  taskPageSchema,
  taskSchema,
} from "../../agent-api/control/task-wire.ts";
import type { taskRequestSchema } from "../../tasks/new-task.ts";
import type { Purged, PurgeFilter } from "../../tasks/purge.ts";
import type { TaskState } from "../../tasks/task.ts";
import type { Control } from "./control.ts";

/** A new task: at least a selector and a payload. */
export type TaskSubmission = z.input<typeof taskRequestSchema>;

export interface TaskFilter {
  readonly state?: TaskState;
  /** Default 50, at most 500. */
  readonly limit?: number;
  /** `next` of the previous page. */
  readonly before?: string;
}

/** Timeout of the first task of a cluster, which opens its queue. */
const openMs = 30_000;

/**
 * Adds a task. A task with an existing idempotency key is not added again.
 * @returns its id, and whether it was added.
 * @throws SwarmError SW608 when it is invalid, SW710 when its key belongs to another task, SW704 when the server does
 * not answer.
 */
export async function addTask(
  control: Control,
  task: TaskSubmission,
  signal?: AbortSignal,
): Promise<z.infer<typeof addedSchema>> {
  return addedSchema.parse(await control.ask({ method: "POST", path: "/v1/tasks", body: task, signal }, openMs));
}

/**
 * A page of tasks, newest first.
 * @throws SwarmError SW704 when the server does not answer.
 */
export async function listTasks(control: Control, filter: TaskFilter = {}, signal?: AbortSignal): Promise<TaskPage> {
  const query = new URLSearchParams(
    Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return taskPageSchema.parse(await control.ask({ method: "GET", path: `/v1/tasks?${query}`, signal }, openMs));
}

export async function countTasks(control: Control, signal?: AbortSignal): Promise<TaskCountsView> {
  return countsSchema.parse(await control.ask({ method: "GET", path: "/v1/tasks/counts", signal }, openMs));
}

/**
 * One task.
 * @throws SwarmError SW715 when it does not exist, SW704 when the server does not answer.
 */
export async function showTask(control: Control, id: string, signal?: AbortSignal): Promise<TaskView> {
  return taskSchema.parse(await control.ask({ method: "GET", path: pathOf(id), signal }, openMs));
}

/**
 * Cancels a task, also a leased one.
 * @returns its state; a done task does not change.
 * @throws as `showTask`
 */
export async function cancelTask(control: Control, id: string, signal?: AbortSignal): Promise<TaskState> {
  return change(control, `${pathOf(id)}/cancel`, signal);
}

/**
 * Returns a dead task to the queue.
 * @returns its state.
 * @throws as `showTask`
 */
export async function requeueTask(control: Control, id: string, signal?: AbortSignal): Promise<TaskState> {
  return change(control, `${pathOf(id)}/requeue`, signal);
}

/** Timeout of a purge, which deletes tasks one by one. */
const purgeMs = 10 * 60_000;

/**
 * Deletes the tasks that a filter selects; those at work stay.
 * @param isDry only counts them.
 * @throws SwarmError SW704 when the server does not answer.
 */
export async function purgeTasks(
  control: Control,
  filter: PurgeFilter,
  isDry: boolean,
  signal?: AbortSignal,
): Promise<Purged> {
  const body = { ...filter, dryRun: isDry };
  return purgedSchema.parse(await control.ask({ method: "POST", path: "/v1/tasks/purge", body, signal }, purgeMs));
}

async function change(control: Control, path: string, signal: AbortSignal | undefined): Promise<TaskState> {
  return changedSchema.parse(await control.ask({ method: "POST", path, signal }, openMs)).state;
}

function pathOf(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`;
}
