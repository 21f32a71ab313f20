import type { Kysely } from "kysely";

/** Further stacks of migrated clusters, and the time of a request to roll a running operation back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("cluster_stacks")
    .addColumn("stack", "text", (column) => column.primaryKey().notNull())
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.alterTable("operations").addColumn("cancel_requested_at", "bigint").execute();
}
