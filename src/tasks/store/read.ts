import { sql } from "kysely";
import type { Database } from "../../store/database.ts";
import { type Page, page } from "../../store/page.ts";
import { countsOf } from "../counts.ts";
import type { QueueCounts, TaskListRequest } from "../queue.ts";
import { stateOf, toTask } from "../rows.ts";
import type { Task } from "../task.ts";

interface Reading {
  readonly database: Database;
  readonly cluster: string;
  readonly now: number;
}

export async function show({ database, cluster, now }: Reading, id: string): Promise<Task | undefined> {
  const row = await tasksWithEnds(database, cluster).where("tasks.id", "=", id).executeTakeFirst();
  return row && toTask(row, now);
}

export async function list({ database, cluster, now }: Reading, request: TaskListRequest): Promise<Page<Task>> {
  const { limit, before, state, changedSince } = request;
  let query = tasksWithEnds(database, cluster);
  if (before !== undefined) query = query.where("tasks.id", "<", before);
  if (changedSince !== undefined) {
    query = query.where((row) =>
      row.or([row("tasks.finishedAt", "is", null), row("tasks.finishedAt", ">=", changedSince)]),
    );
  }
  if (state === "waiting") {
    query = query.where((row) =>
      row.or([
        row("tasks.state", "=", "waiting"),
        row.and([row("tasks.state", "=", "leased"), row("tasks.availableAt", "<=", now)]),
      ]),
    );
  } else if (state !== undefined) {
    query = query.where("tasks.state", "=", state);
    if (state === "leased") query = query.where("tasks.availableAt", ">", now);
  }
  const rows = await query
    .orderBy("tasks.id", "desc")
    .limit(limit + 1)
    .execute();
  return page(
    rows,
    limit,
    (row) => row.id,
    (row) => toTask(row, now),
  );
}

/** One statement, so one snapshot. */
export async function counts({ database, cluster, now }: Reading): Promise<QueueCounts> {
  const lapsed = sql<number>`case when state = 'leased' and available_at <= ${now} then 0 else 1 end`;
  const rows = await database.sql
    .selectFrom("tasks")
    .select(["selector", "state", lapsed.as("lasting"), (row) => row.fn.countAll<number>().as("tasks")])
    .where("clusterId", "=", cluster)
    .groupBy(["selector", "state", "lasting"])
    .execute();
  return countsOf(
    rows.map(({ selector, state, lasting, tasks }) => ({
      selector,
      state: stateOf({ state, availableAt: Number(lasting) === 0 ? now : Number.POSITIVE_INFINITY }, now),
      tasks,
    })),
  );
}

function tasksWithEnds(database: Database, cluster: string) {
  return database.sql
    .selectFrom("tasks")
    .leftJoin("taskResults as end", (join) =>
      join.onRef("end.clusterId", "=", "tasks.clusterId").onRef("end.taskId", "=", "tasks.id"),
    )
    .leftJoin("taskDeadLetters as death", (join) =>
      join.onRef("death.clusterId", "=", "tasks.clusterId").onRef("death.taskId", "=", "tasks.id"),
    )
    .selectAll("tasks")
    .select([
      "end.attempt as resultAttempt",
      "end.instance as resultInstance",
      "end.epoch as resultEpoch",
      "end.result",
      "end.acceptedAt",
      "death.reason as deathReason",
    ])
    .where("tasks.clusterId", "=", cluster);
}
