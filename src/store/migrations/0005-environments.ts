import type { Kysely } from "kysely";

/** When a cluster that was made for a time ends, in milliseconds since the epoch; null: it is no such environment. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("clusters").addColumn("environment_until", "bigint").execute();
}
