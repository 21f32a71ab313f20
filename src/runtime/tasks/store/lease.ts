import { type InTransaction, lockedOrSkipped } from "../../../store/database.ts";
import type { LeasedTask, Worker } from "../queue.ts";
import { type TaskRow, toLeased } from "../rows.ts";
import { selectorsOf } from "../selector.ts";

interface LeaseRequest {
  readonly cluster: string;
  readonly worker: Worker;
  readonly limit: number;
  readonly now: number;
}

/** Leases what a worker may take, in the order of the line. */
export async function leaseTasks(inside: InTransaction, request: LeaseRequest): Promise<readonly LeasedTask[]> {
  const { cluster, worker, limit, now } = request;
  const heads: TaskRow[] = [];
  // A query for each selector follows its index; one for all of them would sort the whole queue at each lease.
  for (const selector of selectorsOf(worker)) heads.push(...(await head(inside, request, selector)));
  const leased: LeasedTask[] = [];
  for (const row of heads.sort(inLine).slice(0, limit)) {
    const { instance, epoch } = worker;
    const attempt = row.attempt + 1;
    const until = now + row.leaseMs;
    await inside.sql
      .updateTable("tasks")
      .set({ state: "leased", instance, epoch, attempt, availableAt: until })
      .where("clusterId", "=", cluster)
      .where("id", "=", row.id)
      .execute();
    leased.push(toLeased(row, { instance, epoch, attempt, until }));
  }
  return leased;
}

/** The first of one selector's line: waiting and due, or leased by somebody whose time is over. */
function head(inside: InTransaction, { cluster, limit, now }: LeaseRequest, selector: string): Promise<TaskRow[]> {
  const query = inside.sql
    .selectFrom("tasks")
    .selectAll()
    .where("clusterId", "=", cluster)
    .where("selector", "=", selector)
    .where("finishedAt", "is", null)
    .where("availableAt", "<=", now)
    // Those are the sweep's, which takes a bounded number at a time.
    .where((row) => row(row("attempt", "-", row.ref("handedBack")), "<", row.ref("maxAttempts")))
    .where((row) => row.or([row("deadlineAt", "is", null), row("deadlineAt", ">", now)]))
    .orderBy("priority", "desc")
    .orderBy("availableAt")
    .orderBy("id")
    .limit(limit);
  return lockedOrSkipped(inside, query).execute();
}

function inLine(a: TaskRow, b: TaskRow): number {
  return b.priority - a.priority || a.availableAt - b.availableAt || (a.id < b.id ? -1 : 1);
}
