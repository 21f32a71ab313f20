import { type InTransaction, lockedOrSkipped } from "../../../store/database.ts";
import type { DeathReason } from "../task.ts";

const batch = 100;

/** Buries tasks whose last attempt let its lease expire, and those that nobody works on at their deadline. */
export async function sweep(inside: InTransaction, cluster: string, now: number): Promise<number> {
  const tasks = () => inside.sql.selectFrom("tasks").select("id").where("clusterId", "=", cluster).limit(batch);
  const exhausted = tasks()
    .where("instance", "is not", null)
    .where("availableAt", "<=", now)
    .where((row) => row(row("attempt", "-", row.ref("handedBack")), ">=", row.ref("maxAttempts")));
  const late = tasks()
    .where("deadlineAt", "<=", now)
    .where("finishedAt", "is", null)
    .where((row) => row.or([row("instance", "is", null), row("availableAt", "<=", now)]));
  let buried = 0;
  for (const [query, reason] of [
    [exhausted, "attempts"],
    [late, "deadline"],
  ] as const) {
    for (const { id } of await lockedOrSkipped(inside, query).execute()) {
      await bury(inside, { cluster, id, reason, now });
      buried++;
    }
  }
  return buried;
}

/** Moves a task that the transaction has locked to the dead letters. */
export async function bury(
  inside: InTransaction,
  { cluster, id, reason, now }: { cluster: string; id: string; reason: DeathReason; now: number },
): Promise<void> {
  await inside.sql
    .updateTable("tasks")
    .set({ state: "dead", instance: null, epoch: null, finishedAt: now })
    .where("clusterId", "=", cluster)
    .where("id", "=", id)
    .execute();
  await inside.sql
    .insertInto("taskDeadLetters")
    .values({ clusterId: cluster, taskId: id, reason, diedAt: now })
    .onConflict((conflict) => conflict.columns(["clusterId", "taskId"]).doUpdateSet({ reason, diedAt: now }))
    .execute();
}
