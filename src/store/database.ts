import type { Kysely, Transaction } from "kysely";
import type { Schema } from "./schema.ts";

/** A database of either kind, outside or inside a transaction. */
export interface Database<Handle extends Kysely<Schema> = Kysely<Schema>> {
  readonly kind: "sqlite" | "postgres";
  readonly sql: Handle;
}

export type InTransaction = Database<Transaction<Schema>>;

const attempts = 5;

/**
 * Runs work in one transaction: all of it, or nothing. On SQLite it holds the write lock from its begin; on PostgreSQL it
 * is "read committed", and rows that the work decides on are locked with `locked`. A deadlock is tried again.
 */
export async function transaction<Value>(
  database: Database,
  work: (inside: InTransaction) => Promise<Value>,
): Promise<Value> {
  const { kind, sql } = database;
  if (sql.isTransaction) return work({ kind, sql: sql as Transaction<Schema> });
  for (let attempt = 1; ; attempt++) {
    try {
      return await sql.transaction().execute((inside) => work({ kind, sql: inside }));
    } catch (error) {
      if (attempt === attempts || !isPassing(error)) throw error;
    }
  }
}

const passingCodes = new Set(["40001", "40P01"]);

/** serialization_failure and deadlock_detected: the same transaction can pass the next time. */
function isPassing(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && passingCodes.has(error.code);
}

interface Lockable<Query> {
  forUpdate(): Query & { skipLocked(): Query };
}

/** Locks the rows of a query until the transaction ends. SQLite has one writer and knows no such words. */
export function locked<Query extends Lockable<Query>>(database: Database, query: Query): Query {
  return database.kind === "postgres" ? query.forUpdate() : query;
}

/** As `locked`, and leaves out rows that somebody else has locked. */
export function lockedOrSkipped<Query extends Lockable<Query>>(database: Database, query: Query): Query {
  return database.kind === "postgres" ? query.forUpdate().skipLocked() : query;
}
