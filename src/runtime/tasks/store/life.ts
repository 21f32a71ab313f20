import { type InTransaction, locked } from "../../../store/database.ts";

/** The life of an instance that has begun last; undefined for one that never took tasks. */
export async function lifeOf(inside: InTransaction, cluster: string, instance: string): Promise<number | undefined> {
  const row = await workerQuery(inside, cluster, instance).executeTakeFirst();
  return row?.epoch;
}

/**
 * Begins a life, unless a later one has begun (false). What earlier lives hold stays theirs on paper, with a lease that
 * ends now: the fence `life` refuses them, and anybody may take it.
 */
export async function beginLife(
  inside: InTransaction,
  { cluster, instance, epoch, now }: { cluster: string; instance: string; epoch: number; now: number },
): Promise<boolean> {
  const known = await locked(inside, workerQuery(inside, cluster, instance)).executeTakeFirst();
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
  await inside.sql
    .updateTable("tasks")
    .set({ availableAt: now })
    .where("clusterId", "=", cluster)
    .where("instance", "=", instance)
    .where("epoch", "<", epoch)
    .where("availableAt", ">", now)
    .execute();
  return true;
}

function workerQuery(inside: InTransaction, cluster: string, instance: string) {
  return inside.sql
    .selectFrom("taskWorkers")
    .select("epoch")
    .where("clusterId", "=", cluster)
    .where("instance", "=", instance);
}
