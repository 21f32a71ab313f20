import type { Database } from "../../store/database.ts";
import { type InTransaction, transaction } from "../../store/database.ts";
import { newId } from "../../store/ids.ts";
import type { NewTask } from "../new-task.ts";
import type { AddReply } from "../queue.ts";
import { rank, stateOf } from "../rows.ts";
import { selectorWord } from "../selector.ts";
import type { TaskState } from "../task.ts";
import { lockedRow } from "./locked-row.ts";

interface Writing {
  readonly database: Database;
  readonly cluster: string;
  readonly now: number;
}

export function add({ database, cluster, now }: Writing, task: NewTask): Promise<AddReply> {
  return transaction(database, (inside) => insert(inside, cluster, now, task));
}

async function insert({ sql }: InTransaction, cluster: string, now: number, task: NewTask): Promise<AddReply> {
  const id = newId("task", now);
  const idempotencyKey = task.idempotencyKey ?? id;
  const selector = selectorWord(task.selector);
  const payload = JSON.stringify(task.payload);
  const added = await sql
    .insertInto("tasks")
    .values({
      ...{ clusterId: cluster, id, selector, payload, idempotencyKey, priority: rank[task.priority] },
      ...{ state: "waiting", attempt: 0, handedBack: 0, maxAttempts: task.maxAttempts, leaseMs: task.leaseMs },
      ...{
        deadlineAt: task.deadlineAt ?? null,
        buryAt: task.deadlineAt ?? null,
        availableAt: now,
        instance: null,
        epoch: null,
      },
      ...{ error: null, errorAttempt: null, createdAt: now, finishedAt: null },
    })
    .onConflict((conflict) => conflict.columns(["clusterId", "idempotencyKey"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (added !== undefined) return { status: "added", id };
  const present = await sql
    .selectFrom("tasks")
    .select(["id", "selector", "payload"])
    .where("clusterId", "=", cluster)
    .where("idempotencyKey", "=", idempotencyKey)
    .executeTakeFirstOrThrow();
  const same = present.selector === selector && present.payload === payload;
  return { status: same ? "present" : "conflict", id: present.id };
}

export function cancel({ database, cluster, now }: Writing, id: string): Promise<TaskState | undefined> {
  return transaction(database, async (inside) => {
    const row = await lockedRow(inside, cluster, id);
    if (row === undefined || row.finishedAt !== null) return row && stateOf(row, now);
    await inside.sql
      .updateTable("tasks")
      .set({ state: "cancelled", instance: null, epoch: null, buryAt: null, finishedAt: now })
      .where("clusterId", "=", cluster)
      .where("id", "=", id)
      .execute();
    return "cancelled";
  });
}

export function requeue({ database, cluster, now }: Writing, id: string): Promise<TaskState | undefined> {
  return transaction(database, async (inside) => {
    const row = await lockedRow(inside, cluster, id);
    if (row === undefined || row.state !== "dead") return row && stateOf(row, now);
    await forget(inside, "taskDeadLetters", cluster, [id]);
    await inside.sql
      .updateTable("tasks")
      .set({ state: "waiting", handedBack: row.attempt, deadlineAt: null, availableAt: now, finishedAt: null })
      .where("clusterId", "=", cluster)
      .where("id", "=", id)
      .execute();
    return "waiting";
  });
}

export function remove({ database, cluster, now }: Writing, id: string): Promise<TaskState | undefined> {
  return transaction(database, async (inside) => {
    const row = await lockedRow(inside, cluster, id);
    const state = row && stateOf(row, now);
    if (state === undefined || state === "leased") return state;
    await forget(inside, "taskResults", cluster, [id]);
    await forget(inside, "taskDeadLetters", cluster, [id]);
    await inside.sql.deleteFrom("tasks").where("clusterId", "=", cluster).where("id", "=", id).execute();
    return state;
  });
}

const batch = 500;

export async function prune({ database, cluster }: Writing, before: number): Promise<number> {
  let pruned = 0;
  for (;;) {
    const ids = await transaction(database, async (inside) => {
      const rows = await inside.sql
        .selectFrom("tasks")
        .select("id")
        .where("clusterId", "=", cluster)
        .where("state", "in", ["done", "cancelled"])
        .where("finishedAt", "<", before)
        .limit(batch)
        .execute();
      const found = rows.map((row) => row.id);
      if (found.length === 0) return found;
      await forget(inside, "taskResults", cluster, found);
      await inside.sql.deleteFrom("tasks").where("clusterId", "=", cluster).where("id", "in", found).execute();
      return found;
    });
    pruned += ids.length;
    if (ids.length < batch) return pruned;
  }
}

async function forget(
  { sql }: InTransaction,
  table: "taskResults" | "taskDeadLetters",
  cluster: string,
  ids: readonly string[],
): Promise<void> {
  await sql.deleteFrom(table).where("clusterId", "=", cluster).where("taskId", "in", ids).execute();
}
