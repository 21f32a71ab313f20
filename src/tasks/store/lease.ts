import { sql } from "kysely";
import { type InTransaction, lockedOrSkipped } from "../../store/database.ts";
import type { LeasedTask, Worker } from "../queue.ts";
import { type TaskRow, toLeased } from "../rows.ts";
import { selectorsOf } from "../selector.ts";

interface LeaseRequest {
  readonly cluster: string;
  readonly worker: Worker;
  readonly limit: number;
  readonly now: number;
}

/** Leases what a worker may take, in the order of the line, in one statement. */
export async function leaseTasks(inside: InTransaction, request: LeaseRequest): Promise<readonly LeasedTask[]> {
  const { cluster, worker, limit, now } = request;
  const { instance, epoch } = worker;
  // The head of each selector's line follows the index; one query for all of them would sort the whole queue at each lease.
  const heads = selectorsOf(worker).map((selector) => sql`select * from (${head(inside, request, selector)}) as head`);
  const first = sql<{ id: string }>`(select id from (${sql.join(heads, sql` union all `)}) as heads
    order by priority desc, available_at, id limit ${number(limit)})`;
  const rows = await inside.sql
    // Materialized: a plan that ran it twice would lock, and lease, more than the limit.
    .with(
      (name) => name("first").materialized(),
      () => first,
    )
    .updateTable("tasks")
    .set((row) => ({
      ...{ state: "leased", instance, epoch, attempt: row("attempt", "+", 1) },
      availableAt: row(row.ref("leaseMs"), "+", now),
      buryAt: deadLetterAtOf(now),
    }))
    .where("clusterId", "=", cluster)
    .where("id", "in", (from) => from.selectFrom("first").select("first.id"))
    .returningAll()
    .execute();
  return rows
    .sort(inLine)
    .map((row) => toLeased(row, { instance, epoch, attempt: row.attempt, until: row.availableAt }));
}

/** The first of one selector's line: waiting and due, or leased by somebody whose time is over. */
function head(inside: InTransaction, { cluster, limit, now }: LeaseRequest, selector: string) {
  const query = inside.sql
    .selectFrom("tasks")
    .select(["id", "priority", "availableAt"])
    .where("clusterId", "=", text(cluster))
    .where("selector", "=", text(selector))
    .where("finishedAt", "is", null)
    .where("availableAt", "<=", now)
    // Those are the sweep's, which takes a bounded number at a time.
    .where((row) => row.or([row("buryAt", "is", null), row("buryAt", ">", now)]))
    .orderBy("priority", "desc")
    .orderBy("availableAt")
    .orderBy("id")
    .limit(number(limit));
  return lockedOrSkipped(inside, query);
}

// SQLite compiles a statement anew whenever a value is bound that could bear on its choice of a partial index or an order;
// behind a cast it cannot, and a lease takes an eighth of the time.
const text = (value: string) => sql<string>`cast(${value} as text)`;
const number = (value: number) => sql<number>`cast(${value} as bigint)`;

/** `deadLetterAt` (bury-at.ts) of the attempt that begins now, in SQL. */
function deadLetterAtOf(now: number) {
  const until = sql`lease_ms + ${now}`;
  return sql<number | null>`case
    when attempt + 1 - handed_back >= max_attempts then ${until}
    when deadline_at < ${until} then ${until}
    else deadline_at end`;
}

function inLine(a: TaskRow, b: TaskRow): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}
