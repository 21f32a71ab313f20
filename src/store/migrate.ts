import { type Kysely, sql as raw } from "kysely";
import { SwarmError } from "../errors.ts";
import { migrations } from "./migrations/index.ts";
import type { Schema } from "./schema.ts";

/**
 * Migrates the tables to this version; forward only. Safe for concurrent processes: the second waits for the first.
 * @throws SW603 when a newer version has written the database.
 */
export async function migrate(sql: Kysely<Schema>): Promise<void> {
  if (await isCurrent(sql)) return;
  const { Migrator } = await import("kysely/migration");
  const migrator = new Migrator({ db: sql.withoutPlugins(), provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const missing = error instanceof Error ? /previously executed migration (\S+) is missing/.exec(error.message) : null;
  if (missing === null) throw error;
  throw new SwarmError("SW603", `the store was written by a newer version of swarmstack (migration ${missing[1]})`, {
    hints: ["Use that version, or another store"],
    cause: error,
  });
}

/** Whether all migrations of this version, and no others, have run: one read, where the migrator takes the write lock. */
async function isCurrent(sql: Kysely<Schema>): Promise<boolean> {
  try {
    const { rows } = await raw<{ name: string }>`select name from kysely_migration order by name`.execute(sql);
    return rows.map(({ name }) => name).join() === Object.keys(migrations).join();
  } catch {
    return false;
  }
}
