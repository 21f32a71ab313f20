import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";
import { fromColumn, type Json } from "./json.ts";

/** What the autoscaler remembers of each cluster between its runs: one row a cluster. Write it under the lease. */
export class ScalingMemories {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  async show(clusterId: string): Promise<{ readonly memory: Json; readonly updatedAt: number } | undefined> {
    const row = await this.#database.sql
      .selectFrom("scalingMemory")
      .select(["memory", "updatedAt"])
      .where("clusterId", "=", clusterId)
      .executeTakeFirst();
    return row && { memory: fromColumn(row.memory), updatedAt: row.updatedAt };
  }

  async write(clusterId: string, memory: Json): Promise<void> {
    const row = { memory: JSON.stringify(memory), updatedAt: this.#clock.now() };
    await this.#database.sql
      .insertInto("scalingMemory")
      .values({ clusterId, ...row })
      .onConflict((conflict) => conflict.column("clusterId").doUpdateSet(row))
      .execute();
  }
}
