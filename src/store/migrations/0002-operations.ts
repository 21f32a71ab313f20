import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("operations")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("wish_before", "text")
    .addColumn("wish_after", "text")
    .addColumn("generation", "bigint", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("reason", "text")
    .addColumn("error", "text")
    .addColumn("session", "text")
    .addColumn("token", "bigint")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addColumn("ended_at", "bigint")
    .execute();
  await db.schema.createIndex("operations_by_cluster").on("operations").columns(["cluster_id", "id"]).execute();
  await db.schema
    .createTable("operation_steps")
    .addColumn("operation_id", "text", (column) => column.notNull().references("operations.id"))
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("detail", "text")
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .addColumn("ended_at", "bigint")
    .addPrimaryKeyConstraint("operation_steps_key", ["operation_id", "position"])
    .execute();
  await db.schema
    .createTable("leases")
    .addColumn("name", "text", (column) => column.primaryKey().notNull())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("token", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("audit")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("action", "text", (column) => column.notNull())
    .addColumn("cluster_id", "text")
    .addColumn("operation_id", "text")
    .addColumn("detail", "text")
    .execute();
  await db.schema.createIndex("audit_by_cluster").on("audit").columns(["cluster_id", "id"]).execute();
}
