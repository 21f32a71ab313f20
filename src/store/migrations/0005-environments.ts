import type { Kysely } from "kysely";

/** End of an environment, in milliseconds since the epoch; null: not an environment. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("clusters").addColumn("environment_until", "bigint").execute();
}
