import { type InTransaction, lockedOrSkipped } from "../../store/database.ts";
import { isExhausted } from "../dead-letter-at.ts";
import type { DeathReason } from "../task.ts";

const batch = 100;

/** Buries tasks whose last attempt let its lease expire, and those that nobody works on at their deadline. */
export async function sweep(inside: InTransaction, cluster: string, now: number): Promise<number> {
  const query = inside.sql
    .selectFrom("tasks")
    .select(["id", "instance", "attempt", "handedBack", "maxAttempts"])
    .where("clusterId", "=", cluster)
    .where("buryAt", "<=", now)
    .limit(batch);
  const rows = await lockedOrSkipped(inside, query).execute();
  for (const row of rows) {
    const reason = row.instance !== null && isExhausted(row) ? "attempts" : "deadline";
    await deadLetter(inside, { cluster, id: row.id, reason, now });
  }
  return rows.length;
}

/** Moves a task that the transaction has locked to the dead letters. */
export async function deadLetter(
  inside: InTransaction,
  { cluster, id, reason, now }: { cluster: string; id: string; reason: DeathReason; now: number },
): Promise<void> {
  await inside.sql
    .updateTable("tasks")
    .set({ state: "dead", instance: null, epoch: null, buryAt: null, finishedAt: now })
    .where("clusterId", "=", cluster)
    .where("id", "=", id)
    .execute();
  await inside.sql
    .insertInto("taskDeadLetters")
    .values({ clusterId: cluster, taskId: id, reason, diedAt: now })
    .onConflict((conflict) => conflict.columns(["clusterId", "taskId"]).doUpdateSet({ reason, diedAt: now }))
    .execute();
}
