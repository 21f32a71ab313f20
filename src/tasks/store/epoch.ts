import { type InTransaction, locked } from "../../store/database.ts";
import { deadLetterAt } from "../dead-letter-at.ts";

/**
 * Begins a life, unless a later one has begun (false). What earlier lives hold stays theirs on paper, with a lease that
 * ends now: the fence `life` refuses them, and anybody may take it.
 */
export async function beginEpoch(
  inside: InTransaction,
  { cluster, instance, epoch, now }: { cluster: string; instance: string; epoch: number; now: number },
): Promise<boolean> {
  const query = inside.sql
    .selectFrom("taskWorkers")
    .select("epoch")
    .where("clusterId", "=", cluster)
    .where("instance", "=", instance);
  const known = await locked(inside, query).executeTakeFirst();
  if (known !== undefined && known.epoch >= epoch) return known.epoch === epoch;
  const { epoch: begun } = await inside.sql
    .insertInto("taskWorkers")
    .values({ clusterId: cluster, instance, epoch })
    .onConflict((conflict) =>
      conflict.columns(["clusterId", "instance"]).doUpdateSet((to) => ({
        epoch: to
          .case()
          .when("taskWorkers.epoch", ">", to.ref("excluded.epoch"))
          .then(to.ref("taskWorkers.epoch"))
          .else(to.ref("excluded.epoch"))
          .end(),
      })),
    )
    .returning("epoch")
    .executeTakeFirstOrThrow();
  if (begun !== epoch) return false;
  await endLeases(inside, { cluster, instance, epoch, now });
  return true;
}

async function endLeases(
  inside: InTransaction,
  { cluster, instance, epoch, now }: { cluster: string; instance: string; epoch: number; now: number },
): Promise<void> {
  const query = inside.sql
    .selectFrom("tasks")
    .selectAll()
    .where("clusterId", "=", cluster)
    .where("instance", "=", instance)
    .where("epoch", "<", epoch)
    .where("availableAt", ">", now);
  for (const row of await locked(inside, query).execute()) {
    await inside.sql
      .updateTable("tasks")
      .set({ availableAt: now, buryAt: deadLetterAt(row, now) })
      .where("clusterId", "=", cluster)
      .where("id", "=", row.id)
      .execute();
  }
}
