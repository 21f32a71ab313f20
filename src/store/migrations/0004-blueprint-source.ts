import type { Kysely } from "kysely";

/** Where the blueprint of a cluster was read, and its text: an update that nobody gives a file needs both. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("clusters").addColumn("blueprint_file", "text").execute();
  await db.schema.alterTable("clusters").addColumn("blueprint_text", "text").execute();
}
