import type { WallClock } from "./clock.ts";
import { type Database, locked, transaction } from "./database.ts";
import { fromColumn, type Json } from "./json.ts";

/** What spawning remembers of each cluster: one row a cluster, whose lock makes changes of several processes one after the other. */
export class SpawnStates {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** null: nothing is remembered yet. */
  async show(clusterId: string): Promise<Json> {
    return fromRow(await select(this.#database, clusterId).executeTakeFirst());
  }

  /**
   * Replaces the state by what `work` makes of it; nothing is written where that is undefined, or where `work` throws.
   * @param work null: nothing is remembered yet
   */
  async change<Result>(
    clusterId: string,
    work: (state: Json) => { readonly state?: Json | undefined; readonly result: Result },
  ): Promise<Result> {
    return transaction(this.#database, async (inside) => {
      const updatedAt = this.#clock.now();
      // The row must exist before it can be locked, so that two first callers conflict.
      await inside.sql
        .insertInto("spawnStates")
        .values({ clusterId, state: "null", updatedAt })
        .onConflict((conflict) => conflict.column("clusterId").doNothing())
        .execute();
      const row = await locked(inside, select(inside, clusterId)).executeTakeFirst();
      const { state, result } = work(fromRow(row));
      if (state === undefined) return result;
      await inside.sql
        .updateTable("spawnStates")
        .set({ state: JSON.stringify(state), updatedAt })
        .where("clusterId", "=", clusterId)
        .execute();
      return result;
    });
  }
}

function select({ sql }: Pick<Database, "sql">, clusterId: string) {
  return sql.selectFrom("spawnStates").select("state").where("clusterId", "=", clusterId);
}

function fromRow(row: { readonly state: string } | undefined): Json {
  return row === undefined ? null : fromColumn(row.state);
}
