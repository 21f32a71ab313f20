import type { WallClock } from "../../store/clock.ts";
import { type Database, transaction } from "../../store/database.ts";
import { importedTask, rowOfImported } from "../imported-task.ts";
import type { Task } from "../task.ts";

interface Place {
  readonly database: Database;
  readonly cluster: string;
  readonly now: ReturnType<WallClock["now"]>;
}

/** Puts tasks of another queue in here, in the place of those of the same ids: all of them, or none. */
export function takeOver({ database, cluster, now }: Place, tasks: readonly Task[]): Promise<void> {
  const ids = tasks.map(({ id }) => id);
  return transaction(database, async ({ sql }) => {
    for (const table of ["taskResults", "taskDeadLetters"] as const) {
      await sql.deleteFrom(table).where("clusterId", "=", cluster).where("taskId", "in", ids).execute();
    }
    await sql.deleteFrom("tasks").where("clusterId", "=", cluster).where("id", "in", ids).execute();
    for (const task of tasks) {
      const { id: taskId, result, death } = task;
      await sql
        .insertInto("tasks")
        .values(rowOfImported(cluster, importedTask(task, now)))
        .execute();
      if (result !== undefined) {
        const { value, ...of } = result;
        await sql
          .insertInto("taskResults")
          .values({ clusterId: cluster, taskId, ...of, result: JSON.stringify(value) })
          .execute();
      }
      if (death !== undefined) {
        const diedAt = task.finishedAt ?? now;
        await sql.insertInto("taskDeadLetters").values({ clusterId: cluster, taskId, reason: death, diedAt }).execute();
      }
    }
  });
}
