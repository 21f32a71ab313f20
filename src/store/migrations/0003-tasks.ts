import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("tasks")
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("selector", "text", (column) => column.notNull())
    .addColumn("payload", "text", (column) => column.notNull())
    .addColumn("priority", "integer", (column) => column.notNull())
    .addColumn("idempotency_key", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("attempt", "integer", (column) => column.notNull())
    .addColumn("handed_back", "integer", (column) => column.notNull())
    .addColumn("max_attempts", "integer", (column) => column.notNull())
    .addColumn("lease_ms", "bigint", (column) => column.notNull())
    .addColumn("deadline_at", "bigint")
    .addColumn("available_at", "bigint", (column) => column.notNull())
    .addColumn("bury_at", "bigint")
    .addColumn("instance", "text")
    .addColumn("epoch", "bigint")
    .addColumn("error", "text")
    .addColumn("error_attempt", "integer")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("finished_at", "bigint")
    .addPrimaryKeyConstraint("tasks_key", ["cluster_id", "id"])
    .addUniqueConstraint("tasks_by_idempotency_key", ["cluster_id", "idempotency_key"])
    .execute();
  // The queue of each selector, in lease order.
  await db.schema
    .createIndex("tasks_open")
    .on("tasks")
    .columns(["cluster_id", "selector", "priority desc", "available_at", "id"])
    .where(sql.ref("finished_at"), "is", null)
    .execute();
  await db.schema
    .createIndex("tasks_held")
    .on("tasks")
    .columns(["cluster_id", "instance"])
    .where(sql.ref("instance"), "is not", null)
    .execute();
  await db.schema
    .createIndex("tasks_to_bury")
    .on("tasks")
    .columns(["cluster_id", "bury_at"])
    .where(sql.ref("bury_at"), "is not", null)
    .execute();
  await db.schema.createIndex("tasks_by_state").on("tasks").columns(["cluster_id", "state", "selector"]).execute();
  await db.schema
    .createTable("task_results")
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("task_id", "text", (column) => column.notNull())
    .addColumn("attempt", "integer", (column) => column.notNull())
    .addColumn("instance", "text", (column) => column.notNull())
    .addColumn("epoch", "bigint", (column) => column.notNull())
    .addColumn("result", "text", (column) => column.notNull())
    .addColumn("accepted_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("task_results_key", ["cluster_id", "task_id"])
    .execute();
  await db.schema
    .createTable("task_dead_letters")
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("task_id", "text", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .addColumn("died_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("task_dead_letters_key", ["cluster_id", "task_id"])
    .execute();
  await db.schema
    .createTable("task_workers")
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("instance", "text", (column) => column.notNull())
    .addColumn("epoch", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("task_workers_key", ["cluster_id", "instance"])
    .execute();
}
