import type { Kysely } from "kysely";

/** The further stacks of clusters that move, and that somebody wants an operation to be taken back while it runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("cluster_stacks")
    .addColumn("stack", "text", (column) => column.primaryKey().notNull())
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.alterTable("operations").addColumn("cancel_requested_at", "bigint").execute();
}
