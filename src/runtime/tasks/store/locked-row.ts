import { type InTransaction, locked } from "../../../store/database.ts";
import type { TaskRow } from "../rows.ts";

/** One task, locked until the transaction ends. */
export function lockedRow(inside: InTransaction, cluster: string, id: string): Promise<TaskRow | undefined> {
  const query = inside.sql.selectFrom("tasks").selectAll().where("clusterId", "=", cluster).where("id", "=", id);
  return locked(inside, query).executeTakeFirst();
}
