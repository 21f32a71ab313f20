import type { Kysely } from "kysely";

/** What spawning remembers of each cluster: records, limits and the cool-down. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("spawn_states")
    .addColumn("cluster_id", "text", (column) => column.primaryKey().notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
}
