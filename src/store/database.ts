import { type Kysely, sql as raw, type Transaction } from "kysely";
import { GroupCommit } from "./group-commit.ts";
import type { Schema } from "./schema.ts";

/** A database of either kind, inside or outside a transaction. */
export interface Database<Handle extends Kysely<Schema> = Kysely<Schema>> {
  readonly kind: "sqlite" | "postgres";
  readonly sql: Handle;
  /** Groups transactions on the one connection; only outside a transaction, only on SQLite. */
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
 * Runs work in one transaction. On SQLite it holds the write lock, and shares its transaction with other work that
 * waits for the connection; on PostgreSQL the isolation is "read committed", rows that the work decides on are locked
 * with `locked`, and a deadlock is retried.
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

/** Rolls back the changes of a failed job, and only those; the job itself reports the failure. */
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

/** serialization_failure and deadlock_detected: a retry of the transaction can succeed. */
function isPassing(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && passingCodes.has(error.code);
}

interface Lockable<Query> {
  forUpdate(): Query & { skipLocked(): Query };
}

/** Locks the rows of a query until the end of the transaction. SQLite has a single writer and no such clause. */
export function locked<Query extends Lockable<Query>>({ kind }: Pick<Database, "kind">, query: Query): Query {
  return kind === "postgres" ? query.forUpdate() : query;
}

/** Like `locked`, but skips rows that another transaction has locked. */
export function lockedOrSkipped<Query extends Lockable<Query>>({ kind }: Pick<Database, "kind">, query: Query): Query {
  return kind === "postgres" ? query.forUpdate().skipLocked() : query;
}
