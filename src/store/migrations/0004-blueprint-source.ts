import type { Kysely } from "kysely";

/** Path and text of a cluster's blueprint, for an update without a file. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("clusters").addColumn("blueprint_file", "text").execute();
  await db.schema.alterTable("clusters").addColumn("blueprint_text", "text").execute();
}
