import type { Kysely } from "kysely";

/** What the autoscaler remembers of each cluster, its decisions, and the pauses that people ask for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("scaling_memory")
    .addColumn("cluster_id", "text", (column) => column.primaryKey().notNull())
    .addColumn("memory", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("scaling_decisions")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("token", "bigint", (column) => column.notNull())
    .addColumn("caused_by", "text", (column) => column.notNull())
    .addColumn("detail", "text", (column) => column.notNull())
    .addColumn("outcome", "text")
    .execute();
  await db.schema
    .createIndex("scaling_decisions_by_cluster")
    .on("scaling_decisions")
    .columns(["cluster_id", "id"])
    .execute();
  await db.schema
    .createTable("scaling_pauses")
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("agent", "text", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("reason", "text")
    .addColumn("since", "bigint", (column) => column.notNull())
    .addColumn("until", "bigint")
    .addPrimaryKeyConstraint("scaling_pauses_key", ["cluster_id", "agent"])
    .execute();
}
