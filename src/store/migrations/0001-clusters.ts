import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("cluster_blueprints")
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("version", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("cluster_blueprints_key", ["id", "version"])
    .execute();
  await db.schema
    .createTable("clusters")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("tenant", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("type", "text", (column) => column.notNull())
    .addColumn("blueprint_id", "text", (column) => column.notNull())
    .addColumn("blueprint_version", "text", (column) => column.notNull())
    .addColumn("blueprint_digest", "text", (column) => column.notNull())
    .addColumn("target", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("status_reason", "text")
    .addColumn("wish", "text", (column) => column.notNull())
    .addColumn("generation", "bigint", (column) => column.notNull())
    .addColumn("active_stack", "text", (column) => column.notNull())
    .addColumn("current_workers", "integer", (column) => column.notNull())
    .addColumn("target_workers", "integer", (column) => column.notNull())
    .addColumn("min_workers", "integer", (column) => column.notNull())
    .addColumn("max_workers", "integer", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addColumn("destroyed_at", "bigint")
    .execute();
  // A name becomes available when its cluster is destroyed.
  await db.schema
    .createIndex("clusters_by_name")
    .unique()
    .on("clusters")
    .columns(["tenant", "name"])
    .where(sql.ref("destroyed_at"), "is", null)
    .execute();
  await db.schema
    .createTable("cluster_agents")
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("instance", "text", (column) => column.notNull())
    .addColumn("agent", "text", (column) => column.notNull())
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("parent", "text")
    .addColumn("capabilities", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("epoch", "bigint", (column) => column.notNull())
    .addColumn("report", "text")
    .addColumn("registered_at", "bigint", (column) => column.notNull())
    .addColumn("seen_at", "bigint", (column) => column.notNull())
    .addColumn("removed_at", "bigint")
    .addPrimaryKeyConstraint("cluster_agents_key", ["cluster_id", "instance"])
    .execute();
  await db.schema
    .createTable("cluster_metrics")
    .addColumn("cluster_id", "text", (column) => column.notNull())
    .addColumn("metric", "text", (column) => column.notNull())
    .addColumn("resolution_ms", "bigint", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("samples", "bigint", (column) => column.notNull())
    .addColumn("total", "double precision", (column) => column.notNull())
    .addColumn("least", "double precision", (column) => column.notNull())
    .addColumn("most", "double precision", (column) => column.notNull())
    .addPrimaryKeyConstraint("cluster_metrics_key", ["cluster_id", "metric", "resolution_ms", "at"])
    .execute();
  await db.schema
    .createIndex("cluster_metrics_by_age")
    .on("cluster_metrics")
    .columns(["resolution_ms", "at"])
    .execute();
}
