import type { z } from "zod";
import {
  addedSchema,
  changedSchema,
  countsSchema,
  type TaskPage,
  type TaskView,
  taskPageSchema,
  taskSchema,
} from "../../agent-api/control/task-wire.ts";
import type { newTaskSchema } from "../../tasks/new-task.ts";
import type { QueueCounts } from "../../tasks/queue.ts";
import type { TaskState } from "../../tasks/task.ts";
import type { Control } from "./control.ts";

/** What a task needs at least: a selector and a payload. */
export type TaskSubmission = z.input<typeof newTaskSchema>;

export interface TaskFilter {
  readonly state?: TaskState;
  /** Default 50, at most 500. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly before?: string;
}

/** The first task of a cluster opens its queue, which takes a moment on a busy machine. */
const openMs = 30_000;

/**
 * Gives the cluster a task. One with an idempotency key that is there already is not added again.
 *
 * @returns its id, and whether it was added now.
 * @throws SwarmError SW608 when it is not valid, SW710 when its key was used for another one, SW704 when nobody answers.
 */
export async function addTask(
  control: Control,
  task: TaskSubmission,
  signal?: AbortSignal,
): Promise<z.infer<typeof addedSchema>> {
  return addedSchema.parse(await control.ask({ method: "POST", path: "/v1/tasks", body: task, signal }, openMs));
}

/** A page of tasks, newest first. @throws SwarmError SW704 when nobody answers. */
export async function listTasks(control: Control, filter: TaskFilter = {}, signal?: AbortSignal): Promise<TaskPage> {
  const query = new URLSearchParams(
    Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return taskPageSchema.parse(await control.ask({ method: "GET", path: `/v1/tasks?${query}`, signal }, openMs));
}

export async function countTasks(control: Control, signal?: AbortSignal): Promise<QueueCounts> {
  return countsSchema.parse(await control.ask({ method: "GET", path: "/v1/tasks/counts", signal }, openMs));
}

/** @throws SwarmError SW715 when there is no such task, SW704 when nobody answers. */
export async function showTask(control: Control, id: string, signal?: AbortSignal): Promise<TaskView> {
  return taskSchema.parse(await control.ask({ method: "GET", path: pathOf(id), signal }, openMs));
}

/** Calls a task off, also while somebody works on it. @returns its state; one that was done stays so. @throws as `showTask` */
export async function cancelTask(control: Control, id: string, signal?: AbortSignal): Promise<TaskState> {
  return change(control, `${pathOf(id)}/cancel`, signal);
}

/** Puts a dead task back. @returns its state. @throws as `showTask` */
export async function requeueTask(control: Control, id: string, signal?: AbortSignal): Promise<TaskState> {
  return change(control, `${pathOf(id)}/requeue`, signal);
}

async function change(control: Control, path: string, signal: AbortSignal | undefined): Promise<TaskState> {
  return changedSchema.parse(await control.ask({ method: "POST", path, signal }, openMs)).state;
}

function pathOf(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`;
}
