import type { Selectable } from "kysely";
import { fromColumn } from "../store/json.ts";
import type { TasksTable } from "../store/schema.ts";
import type { LeasedTask } from "./queue.ts";
import { parseSelector } from "./selector.ts";
import { readStored } from "./shallow-json.ts";
import type { AcceptedResult, DeathReason, Holder, Priority, Task, TaskState } from "./task.ts";

export type TaskRow = Selectable<TasksTable>;

export const rank: Readonly<Record<Priority, number>> = { low: -1, normal: 0, high: 1 };

function priorityOf(value: number): Priority {
  if (value === rank.normal) return "normal";
  return value > rank.normal ? "high" : "low";
}

/** The state of a row; a leased row whose lease has expired counts as waiting before the sweep has written it. */
export function stateOf(row: Pick<TaskRow, "state" | "availableAt">, now: number): TaskState {
  return row.state === "leased" && row.availableAt <= now ? "waiting" : (row.state as TaskState);
}

/** Columns of the accepted result and of the dead letter, if any. */
export interface EndColumns {
  readonly resultAttempt: number | null;
  readonly resultInstance: string | null;
  readonly resultEpoch: number | null;
  readonly result: string | null;
  readonly acceptedAt: number | null;
  readonly deathReason: string | null;
}

export function toTask(row: TaskRow & EndColumns, now: number): Task {
  const state = stateOf(row, now);
  const { id, attempt, handedBack, maxAttempts, leaseMs, idempotencyKey, availableAt, createdAt } = row;
  return {
    ...{ id, attempt, handedBack, maxAttempts, leaseMs, idempotencyKey, availableAt, createdAt, state },
    selector: parseSelector(row.selector),
    payload: readStored(row.payload),
    priority: priorityOf(row.priority),
    deadlineAt: row.deadlineAt ?? undefined,
    holder: state === "leased" ? holderOf(row) : undefined,
    finishedAt: row.finishedAt ?? undefined,
    error: row.error ?? undefined,
    death: (row.deathReason as DeathReason | null) ?? undefined,
    result: toResult(row),
  };
}

function holderOf({ instance, epoch, availableAt: until }: TaskRow): Holder | undefined {
  return instance === null || epoch === null ? undefined : { instance, epoch, until };
}

function toResult(row: EndColumns): AcceptedResult | undefined {
  const { result, resultAttempt: attempt, resultInstance: instance, resultEpoch: epoch, acceptedAt } = row;
  if (attempt === null || instance === null || epoch === null || acceptedAt === null) return undefined;
  return { value: readStored(result), attempt, instance, epoch, acceptedAt };
}

/** The part of a leased task that its worker receives. */
export function toLeased(
  row: TaskRow,
  lease: Pick<LeasedTask, "instance" | "epoch" | "attempt" | "until">,
): LeasedTask {
  return {
    ...lease,
    id: row.id,
    selector: parseSelector(row.selector),
    payload: fromColumn(row.payload),
    priority: priorityOf(row.priority),
    idempotencyKey: row.idempotencyKey,
  };
}
