import { type InTransaction, locked } from "../../store/database.ts";

/** One task, locked until the end of the transaction. */
export function lockedRow(inside: InTransaction, cluster: string, id: string) {
  return lockedTask(inside, cluster, id).executeTakeFirst();
}

/** The same, with the current registration epoch of an instance: null if it never leased tasks. */
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
