import { type InTransaction, locked } from "../../store/database.ts";

/** One task, locked until the transaction ends. */
export function lockedRow(inside: InTransaction, cluster: string, id: string) {
  return lockedTask(inside, cluster, id).executeTakeFirst();
}

/** The same, with the life of an instance that has begun last: null for one that never took tasks. */
export function lockedRowAndEpoch(inside: InTransaction, cluster: string, id: string, instance: string) {
  return lockedTask(inside, cluster, id)
    .select((row) =>
      row
        .selectFrom("taskWorkers")
        .select("taskWorkers.epoch")
        .where("taskWorkers.clusterId", "=", cluster)
        .where("taskWorkers.instance", "=", instance)
        .as("life"),
    )
    .executeTakeFirst();
}

function lockedTask(inside: InTransaction, cluster: string, id: string) {
  const query = inside.sql
    .selectFrom("tasks")
    .selectAll("tasks")
    .where("tasks.clusterId", "=", cluster)
    .where("tasks.id", "=", id);
  return locked(inside, query);
}
