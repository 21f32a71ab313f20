import { type Kysely, sql as raw, type Transaction } from "kysely";
import { GroupCommit } from "./group-commit.ts";
import type { Schema } from "./schema.ts";

/** A database of either kind, outside or inside a transaction. */
export interface Database<Handle extends Kysely<Schema> = Kysely<Schema>> {
  readonly kind: "sqlite" | "postgres";
  readonly sql: Handle;
  /** Where several may wait for the one connection: only outside a transaction, only on SQLite. */
  readonly groups: GroupCommit<Transaction<Schema>> | undefined;
}

export type InTransaction = Database<Transaction<Schema>>;

export function createDatabase(kind: Database["kind"], sql: Kysely<Schema>): Database {
  const groups = new GroupCommit<Transaction<Schema>>((jobs) =>
    sql.transaction().execute(async (inside) => {
      for (const job of jobs) await inSavepoint(inside, job);
    }),
  );
  return { kind, sql, groups: kind === "sqlite" ? groups : undefined };
}

const attempts = 5;

/**
 * Runs work in one transaction: all of it, or nothing. On SQLite it holds the write lock, and shares its transaction with
 * whatever else waits for the connection; on PostgreSQL it is "read committed", rows that the work decides on are locked
 * with `locked`, and a deadlock is tried again.
 */
export async function transaction<Value>(
  { kind, sql, groups }: Database,
  work: (inside: InTransaction) => Promise<Value>,
): Promise<Value> {
  const run = (inside: Transaction<Schema>) => work({ kind, sql: inside, groups: undefined });
  if (sql.isTransaction) return run(sql as Transaction<Schema>);
  if (groups !== undefined) return groups.run(run);
  for (let attempt = 1; ; attempt++) {
    try {
      return await sql.transaction().execute(run);
    } catch (error) {
      if (attempt === attempts || !isPassing(error)) throw error;
    }
  }
}

/** A job that fails takes back what it did, and only that; whoever waits for it is told by the job itself. */
async function inSavepoint(
  inside: Transaction<Schema>,
  job: (inside: Transaction<Schema>) => Promise<void>,
): Promise<void> {
  await raw`savepoint job`.execute(inside);
  try {
    await job(inside);
  } catch {
    await raw`rollback to job`.execute(inside);
  }
  await raw`release job`.execute(inside);
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
export function locked<Query extends Lockable<Query>>({ kind }: Pick<Database, "kind">, query: Query): Query {
  return kind === "postgres" ? query.forUpdate() : query;
}

/** As `locked`, and leaves out rows that somebody else has locked. */
export function lockedOrSkipped<Query extends Lockable<Query>>({ kind }: Pick<Database, "kind">, query: Query): Query {
  return kind === "postgres" ? query.forUpdate().skipLocked() : query;
}
